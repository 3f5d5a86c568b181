// Chat templates as an attacker writes them: stopped by a bound of steps, memory, depth or time with a message, within
// a second; the next one is as good as before.
#include "base/failure.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "tests/trainer/text/hurried.h"
#include "trainer/files/model_folder.h"
#include "trainer/text/chat_template.h"

#include <QtTest>

using namespace stet;

namespace {

std::string rendering(const std::string& source)
{
    files::ModelFolder folder;
    folder.path = "a folder";
    folder.chatTemplate = source;
    folder.specialTokens = {{"bos_token", "<s>"}, {"eos_token", "</s>"}};
    const Json messages = Json::array({{{"role", "user"}, {"content", "hello"}}});
    return text::ChatTemplate::load(folder, 0)->render(messages, true);
}

std::string nested(const std::string& open, const std::string& inner, const std::string& close, int times)
{
    std::string text;
    for (int i = 0; i < times; ++i) {
        text += open;
    }
    text += inner;
    for (int i = 0; i < times; ++i) {
        text += close;
    }
    return text;
}

}  // namespace

class BadTemplateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTemplateIsRefusedOrStoppedWithinBounds_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<bool>("mayPass");
        const auto row = [](const std::string& name, const std::string& source, bool mayPass = false) {
            QTest::newRow(name.c_str()) << QByteArray::fromStdString(source) << mayPass;
        };
        // steps
        const std::string many = "range(99999)";
        row("loops in loops", "{% for i in " + many + " %}{% for j in " + many + " %}{% endfor %}{% endfor %}");
        row("output in loops", "{% for i in " + many + " %}{% for j in " + many + " %}{{ i }}{% endfor %}{% endfor %}");
        row("ten loops", nested("{% for i in range(9) %}", "x", "{% endfor %}", 10));
        row("a range of 10^9", "{% for i in range(1000000000) %}{% endfor %}");
        row("a range of 10^18", "{{ range(1000000000000000000)|list }}");
        row("a range backwards without end", "{% for i in range(0, 10, 0) %}{% endfor %}");
        row("a range of negative steps", "{{ range(10, -1000000000, -1)|list|length }}");
        row("sums",
            "{% set ns = namespace(n=0) %}{% for i in " + many + " %}{% for j in " + many +
                " %}{% set ns.n = ns.n + j %}{% endfor %}{% endfor %}");
        row("a macro that calls itself", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}");
        row("a macro that calls itself twice", "{% macro f(n) %}{{ f(n + 1) }}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}");
        row("macros that call each other",
            "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}");
        row("a tree of macros",
            "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}x{% endmacro %}{{ f(60) }}");
        row("a call block of itself",
            "{% macro f() %}{{ caller() }}{% call f() %}x{% endcall %}{% endmacro %}"
            "{% call f() %}y{% endcall %}");
        row("a recursive loop", "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}");
        row("a recursive loop of two", "{% for i in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}");
        // memory
        row("a text of 10^9", "{{ 'a' * 1000000000 }}");
        row("a text of 10^10", "{{ 'a' * 10000000000 }}");
        row("a list of 10^9", "{{ [1] * 1000000000 }}");
        row("a text of great width", "{{ 'a'.center(1000000000000) }}");
        row("zeros without end", "{{ 'a'.zfill(1000000000000) }}");
        row("a text times a text", "{% set a = 'a' * 100000 %}{% set b = a.replace('a', a) %}{{ b|length }}");
        row("replaced and replaced",
            "{% set ns = namespace(s='aa') %}{% for i in range(50) %}{% set ns.s = "
            "ns.s|replace('a', 'aa') %}{% endfor %}");
        row("joined and joined",
            "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = "
            "[ns.s, ns.s]|join(ns.s) %}{% endfor %}");
        row("doubled",
            "{% set ns = namespace(s='xxxxxxxx') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s "
            "%}{% endfor %}");
        row("doubled by plus",
            "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}");
        row("lists of lists",
            "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l "
            "%}{% endfor %}{{ ns.l|length }}");
        row("output without end", "{% for i in " + many + " %}{{ 'a' * 99999 }}{% endfor %}");
        row("output of one long text", "{% set a = 'a' * 1000000 %}{% for i in " + many + " %}{{ a }}{% endfor %}");
        row("a wide indent", "{{ 'a\\n'|indent(1000000000) }}", true);
        row("indented lines", "{{ ('a\\n' * 90000)|indent(90000) }}");
        row("centred", "{{ 'a'.center(10000000000) }}", true);
        row("filled with zeros", "{{ 'a'.zfill(10000000000) }}", true);
        row("justified", "{{ 'a'.ljust(10000000000) }}", true);
        row("centred by a filter", "{{ 'a'|center(10000000000) }}");
        row("centred again and again", "{% for i in " + many + " %}{% set x = 'a'|center(900000) %}{% endfor %}");
        row("a wide tab", "{{ '\\t'.expandtabs(10000000000) }}");
        row("many tabs", "{{ ('\\t' * 99999).expandtabs(999999)|length }}");
        row("a text times a name", "{% set n = 10000000000 %}{{ 'a' * n }}");
        row("a text times and times", "{{ 'a' * 99999 * 99999 * 99999 }}");
        row("a text a negative number of times", "{{ 'a' * -9223372036854775808 }}", true);
        row("a wide time", "{{ strftime_now('%10000000000Y%99999999999999999999d') }}");
        row("a wide line", "{{ 'a b'|wordwrap(18446744073709551615) }}", true);
        row("lines without end", "{{ ('a ' * 9999999)|wordwrap(1)|length }}");
        row("wrapped again and again", "{% for i in " + many + " %}{% set x = ('a ' * 999)|wordwrap(3) %}{% endfor %}");
        row("cut in lines", "{% for i in " + many + " %}{% set x = ('\\n' * 99999).splitlines() %}{% endfor %}");
        row("asked for digits", "{% for i in " + many + " %}{% set x = ('1' * 9999).isdecimal() %}{% endfor %}");
        row("queries", "{% for i in " + many + " %}{% set x = ('/?' * 99999)|urlencode %}{% endfor %}");
        row("formatted wide by a sign", "{{ '%1000000000d' % 1 }}", true);
        row("formatted wide by a star", "{{ '%*d' % (1000000000, 1) }}", true);
        row("a percent sign alone", "{{ '%' % 1 }}{{ '%(' % 1 }}{{ '%é' % 1 }}", true);
        row("numbers of many digits", "{{ ('9' * 999999)|int }}{{ ('9' * 999999)|float }}", true);
        row("a number of base 99", "{{ 'zz'|int(0, 99) }}{{ 'é'|int(0, 0) }}{{ '0xé'|int(0, 16) }}{{ '_'|int }}", true);
        row("the ends of ranges", "{{ range(-9223372036854775808, 9223372036854775807, 9223372036854775807)|list }}",
            true);
        row("a range over everything", "{{ range(-9223372036854775808, 9223372036854775807) }}");
        row("places far away", "{{ 'abc'.find('b', -9223372036854775808, 9223372036854775807) }}", true);
        row("formatted wide", "{{ '%1000000000d'|format(1) }}", true);
        row("formatted wide by method", "{{ '{:>1000000000}'.format(1) }}", true);
        row("batched", "{{ range(99999)|batch(1000000000, 'x')|list }}", true);
        row("sliced", "{{ [1]|slice(1000000000)|list }}", true);
        row("as JSON, indented", "{{ {'a': [1]}|tojson(indent=1000000000) }}", true);
        row("as JSON in a loop", "{% set a = 'a' * 1000000 %}{% for i in " + many + " %}{{ a|tojson }}{% endfor %}");
        row("a list that grows",
            "{% set ns = namespace(l=[]) %}{% for i in " + many + " %}{% for j in " + many +
                " %}{% set ns.l = ns.l + [ns.l] %}{% endfor %}{% endfor %}");
        row("split into letters", "{% for i in " + many + " %}{% set x = ('a,' * 99999).split(',') %}{% endfor %}");
        row("sorted again and again",
            "{% for i in " + many + " %}{% set x = range(99999)|sort(reverse=true) %}{% endfor %}");
        row("unique of many", "{% for i in " + many + " %}{% set x = range(99999)|unique|list %}{% endfor %}");
        row("grouped", "{% for i in " + many + " %}{% set x = messages|groupby('role') %}{% endfor %}", true);
        row("powers of powers", "{{ 9 ** 9 ** 9 ** 9 }}", true);
        row("shifted far", "{{ 2 ** 100000000 }}", true);
        row("divided by nothing", "{{ 1 / 0 }}", true);
        row("the least number negated", "{{ -9223372036854775808 // -1 }}{{ -9223372036854775808 % -1 }}", true);
        // depth
        row("10,000 parentheses", "{{ " + nested("(", "1", ")", 10'000) + " }}");
        row("100,000 parentheses", "{{ " + nested("(", "1", ")", 100'000) + " }}");
        row("10,000 brackets", "{{ " + nested("[", "1", "]", 10'000) + " }}");
        row("10,000 braces", "{{ " + nested("{'a':", "1", "}", 10'000) + " }}");
        row("10,000 minus signs", "{{ " + std::string(10'000, '-') + "1 }}");
        row("10,000 nots", "{{ " + nested("not ", "1", "", 10'000) + " }}");
        row("10,000 conditions", nested("{% if 1 %}", "x", "{% endif %}", 10'000));
        row("10,000 ternaries", "{{ " + nested("1 if 1 else (", "1", ")", 10'000) + " }}");
        row("pluses behind a quote in a comment", "{# {{ ' #}{{ 1" + nested("+1", "", "", 100'000) + " }}");
        row("pluses behind a quote in raw text",
            "{% raw %}{{ ' {% endraw %}{{ 1" + nested("+1", "", "", 100'000) + " }}");
        row("a long text in a tag", "{{ '" + std::string(200'000, 'x') + "' }}", true);
        row("a thousand comparisons", "{{ [" + nested("1 < 2, ", "", "", 1'000) + "] }}", true);
        row("a chain of comparisons", "{{ 1" + nested(" < 2", "", "", 1'000) + " }}", true);
        row("comparisons within each other", "{{ " + nested("(1 < ", "1", ")", 1'000) + " }}");
        row("signs without operands", "{{ < }}{% if > %}{{ 1 < }}{{ 'a' % }}{{ 'a' * }}{{ + }}{% for x in %}{% for %}",
            true);
        row("comparisons in many tags", nested("{{ 1 < 2 }}{% if 1 > 2 %}{% endif %}", "", "", 20'000), true);
        row("brackets that close nothing", "{{ )]} < ([{ }}{{ 'a' % )( }}{% for x in )( %}", true);
        row("100,000 pluses", "{{ 1" + nested("+1", "", "", 100'000) + " }}");
        row("4,000 pluses", "{{ 1" + nested("+1", "", "", 4'000) + " }}", true);
        row("2,600 ands", "{{ 1" + nested(" and 1", "", "", 1'300) + " }}", true);
        row("8,000 minus signs", "{{ " + std::string(8'000, '-') + "1 }}", true);
        row("4,000 indices", "{{ " + nested("[0]", "", "", 2'700) + " }}", true);
        row("1,200 calls", "{{ 'a'" + nested(".upper()", "", "", 1'000) + " }}", true);
        row("1,300 filters", "{{ 'a'" + nested("|upper", "", "", 1'300) + " }}", true);
        row("1,000 ternaries", "{{ " + nested("1 if 0 else ", "", "", 650) + "1 }}", true);
        row("1,000 elifs", "{% if 0 %}" + nested("{% elif 0 %}", "", "", 20'000) + "{% endif %}", true);
        row("100,000 filters", "{{ 'a'" + nested("|upper", "", "", 100'000) + " }}");
        row("100,000 attributes", "{{ messages" + nested(".a", "", "", 100'000) + " }}");
        row("100,000 indices", "{{ messages" + nested("[0]", "", "", 100'000) + " }}");
        const std::string deep =
            "{% set ns = namespace(l=[], m=[]) %}{% for j in range(100) %}{% for i in range(9999) %}"
            "{% set ns.l = [ns.l] %}{% set ns.m = {'a': ns.m} %}{% endfor %}{% endfor %}";
        row("lists as deep as steps go", deep);
        const std::string half =
            "{% set ns = namespace(l=[], m=[]) %}{% for j in range(13) %}{% for i in range(9999) %}"
            "{% set ns.l = [ns.l] %}{% set ns.m = [ns.m] %}{% endfor %}{% endfor %}";
        row("lists of 130,000 levels, dropped", half, true);
        row("lists of 130,000 levels, printed", half + "{{ ns.l }}", true);
        row("lists of 130,000 levels, as JSON", half + "{{ ns.l|tojson }}", true);
        row("lists of 130,000 levels, indented", half + "{{ ns.l|tojson(indent=1) }}", true);
        row("lists of 130,000 levels, compared", half + "{{ ns.l == ns.m }}", true);
        row("lists of 130,000 levels, ordered", half + "{{ [ns.l, ns.m]|sort|length }}", true);
        row("lists of 130,000 levels, searched", half + "{{ ns.l in [ns.m] }}", true);
        row("lists of 130,000 levels, raised", half + "{{ raise_exception(ns.l ~ '') }}", true);
        row("a list within a list 10,000 times",
            "{% set ns = namespace(l=[]) %}{% for i in range(10000) %}{% set ns.l "
            "= [ns.l] %}{% endfor %}{{ ns.l }}",
            true);
        row("the same as JSON",
            "{% set ns = namespace(l=[]) %}{% for i in range(10000) %}{% set ns.l = [ns.l] "
            "%}{% endfor %}{{ ns.l|tojson }}",
            true);
        row("the same compared",
            "{% set ns = namespace(l=[], m=[]) %}{% for i in range(10000) %}{% set ns.l = [ns.l] "
            "%}{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
            true);
        // what is not there
        row("a file", "{% include '/etc/passwd' %}");
        row("an import", "{% import '/etc/passwd' as x %}");
        row("an inheritance", "{% extends '/etc/passwd' %}");
        row("itself", "{% include 'chat template' %}");
        row("the object's class", "{{ ''.__class__.__mro__[1].__subclasses__() }}");
        row("the globals", "{{ raise_exception.__globals__['os'].system('id') }}");
        row("the debugger", "{{ debug() }}", true);
        row("a time format", "{{ strftime_now('%Q%') }}", true);
        row("a long time format", "{{ strftime_now('%c' * 10000000) }}", true);
        // syntax
        row("unclosed", "{{ 'a'");
        row("unclosed block", "{% for i in");
        row("unclosed comment", "{# a");
        row("an endless name", "{{ " + std::string(1'000'000, 'x') + " }}", true);
        row("100,000 tags", nested("{{ 1 }}", "", "", 100'000), true);
        row("100,000 generation tags", nested("{% generation %}x{% endgeneration %}", "", "", 20'000), true);
        row("10,000 generation tags within each other", nested("{% generation %}", "x", "{% endgeneration %}", 10'000));
        row("a NUL", std::string("a\0b", 3), true);
    }

    void aTemplateIsRefusedOrStoppedWithinBounds()
    {
        QFETCH(QByteArray, source);
        QFETCH(bool, mayPass);
        std::string message;
        // One waits for the whole second, to see that it is one.
        const bool whole = qstrcmp(QTest::currentDataTag(), "split into letters") == 0;
        const test::Bounded bounded(2, 256);
        try {
            const test::Hurried hurried(whole ? 1000 : 250);
            const std::string text = rendering(source.toStdString());
            QVERIFY2(mayPass, text.substr(0, 100).c_str());
        } catch (const Failure& failure) {
            message = failure.what();
            QCOMPARE(failure.kind(), FailureKind::BadInput);
            QVERIFY2(message.find("template") != std::string::npos && isValidUtf8(message), message.c_str());
        }
        QVERIFY2(bounded.broken().empty(), (bounded.broken() + message).c_str());
        QVERIFY2(!whole || message.find("took longer than 1 s and was stopped") != std::string::npos, message.c_str());
        QCOMPARE(rendering("{{ messages[0].content }}"), std::string("hello"));
    }
};

QTEST_APPLESS_MAIN(BadTemplateTest)
#include "tst_bad_template.moc"
