// The test classes of one folder are one program: QTEST_MAIN and its two sisters at the end of a tst_ file enter the
// class under the name of the file instead of defining main(). The build puts this header before every test, so a test
// is written as Qt's manual says. main() is in test_program.cpp: it runs the one class that it is called by, in an
// application object of the kind that the class's own macro asks for.
#pragma once

#include <QtTest>

namespace stet::test {

// Keeps the class in `file` (".../tst_utf8.cpp") as "tst_utf8". Called before main() only; two of one name end the
// program.
bool enterTest(const char* file, const char* className, int (*run)(int, char**));

}  // namespace stet::test

// As in <QtTest/qtest.h>, with a function of its own in the place of main().
#undef QTEST_MAIN_WRAPPER
#define QTEST_MAIN_WRAPPER(TestObject, ...)                                                                            \
    static int run##TestObject(int argc, char* argv[])                                                                 \
    {                                                                                                                  \
        TESTLIB_SELFCOVERAGE_START(#TestObject)                                                                        \
        QT_PREPEND_NAMESPACE(QTest::Internal::callInitMain)<TestObject>();                                             \
        __VA_ARGS__                                                                                                    \
        TestObject tc;                                                                                                 \
        QTEST_SET_MAIN_SOURCE_PATH                                                                                     \
        return QTest::qExec(&tc, argc, argv);                                                                          \
    }                                                                                                                  \
    static const bool entered##TestObject = stet::test::enterTest(__FILE__, #TestObject, &run##TestObject);
