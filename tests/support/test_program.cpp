// main() of a folder's tests: `tests/tst_utf8 [Qt Test's arguments]` through a link of that name, or
// `tests/bin/base_tests tst_utf8 [arguments]`.
#include "tests/support/test_program.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

namespace {

struct Tests {
    std::map<std::string, int (*)(int, char**)> byName;
    std::set<std::string> classNames;
};

// A function's static: tests enter before main(), in no order.
Tests& tests()
{
    static Tests entered;
    return entered;
}

std::string stem(const std::string& path)
{
    const std::string name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.find('.'));
}

}  // namespace

bool stet::test::enterTest(const char* file, const char* className, int (*run)(int, char**))
{
    if (!tests().byName.emplace(stem(file), run).second || !tests().classNames.insert(className).second) {
        std::fprintf(stderr, "Two test classes of this program are called %s or stand in a %s: rename one.\n",
                     className, stem(file).c_str());
        std::abort();
    }
    return true;
}

int main(int argc, char* argv[])
{
    auto test = tests().byName.find(stem(argv[0]));
    if (test == tests().byName.end() && argc > 1) {
        test = tests().byName.find(argv[1]);
        ++argv;
        --argc;
    }
    if (test != tests().byName.end()) {
        // Qt Test gives a function five minutes and then ends the program; how long a test may take is said to ctest.
        if (qEnvironmentVariableIsEmpty("QTEST_FUNCTION_TIMEOUT")) {
            qputenv("QTEST_FUNCTION_TIMEOUT", "86400000");
        }
        return test->second(argc, argv);
    }
    std::fprintf(stderr, "Name one of the tests of this program:\n");
    for (const auto& [name, run] : tests().byName) {
        std::fprintf(stderr, "  %s\n", name.c_str());
    }
    return 2;
}
