<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>stet::app::DraftController</name>
    <message numerus="yes">
        <source>Stopped; %n judgment(s) are drafted.</source>
        <translation>
            <numerusform>Stopped; %n judgment is drafted.</numerusform>
            <numerusform>Stopped; %n judgments are drafted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::Findings</name>
    <message numerus="yes">
        <source>%n row(s) can&apos;t be taken and are left out</source>
        <translation>
            <numerusform>%n row can&apos;t be taken and is left out</numerusform>
            <numerusform>%n rows can&apos;t be taken and are left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) are here already</source>
        <translation>
            <numerusform>%n response is here already</numerusform>
            <numerusform>%n responses are here already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) say the same as an earlier one</source>
        <translation>
            <numerusform>%n row says the same as an earlier one</numerusform>
            <numerusform>%n rows say the same as an earlier one</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) are placeholders, such as $ERROR$</source>
        <translation>
            <numerusform>%n judgment is a placeholder, such as $ERROR$</numerusform>
            <numerusform>%n judgments are placeholders, such as $ERROR$</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) praise, but count as criticism</source>
        <translation>
            <numerusform>%n judgment praises, but counts as criticism</numerusform>
            <numerusform>%n judgments praise, but count as criticism</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) are criticised without a word</source>
        <translation>
            <numerusform>%n response is criticised without a word</numerusform>
            <numerusform>%n responses are criticised without a word</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) quote what the response lacks</source>
        <translation>
            <numerusform>%n judgment quotes what the response lacks</numerusform>
            <numerusform>%n judgments quote what the response lacks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) are empty</source>
        <translation>
            <numerusform>%n response is empty</numerusform>
            <numerusform>%n responses are empty</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instruction(s) are empty</source>
        <translation>
            <numerusform>%n instruction is empty</numerusform>
            <numerusform>%n instructions are empty</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) were saved in another encoding</source>
        <translation>
            <numerusform>%n row was saved in another encoding</numerusform>
            <numerusform>%n rows were saved in another encoding</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have the id of an earlier one</source>
        <translation>
            <numerusform>%n row has the id of an earlier one</numerusform>
            <numerusform>%n rows have the id of an earlier one</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have the id of another response that is here</source>
        <translation>
            <numerusform>%n row has the id of another response that is here</numerusform>
            <numerusform>%n rows have the id of another response that is here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n field(s) mean nothing here and are kept as they came</source>
        <translation>
            <numerusform>%n field means nothing here and is kept as it came</numerusform>
            <numerusform>%n fields mean nothing here and are kept as they came</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::Imported</name>
    <message numerus="yes">
        <source>%n instruction(s) came in.</source>
        <translation>
            <numerusform>%n instruction came in.</numerusform>
            <numerusform>%n instructions came in.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were there already or are held out.</source>
        <translation>
            <numerusform>%n was there already or is held out.</numerusform>
            <numerusform>%n were there already or are held out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instruction(s) of them are held out: every round is compared on them, and nothing is trained on responses to them.</source>
        <translation>
            <numerusform>%n instruction of them is held out: every round is compared on it, and nothing is trained on responses to it.</numerusform>
            <numerusform>%n instructions of them are held out: every round is compared on them, and nothing is trained on responses to them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) were left out, as you said.</source>
        <translation>
            <numerusform>%n row was left out, as you said.</numerusform>
            <numerusform>%n rows were left out, as you said.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::ProjectController</name>
    <message numerus="yes">
        <source>%n problems were found. First: %1</source>
        <translation>
            <numerusform>%n problem was found: %1</numerusform>
            <numerusform>%n problems were found. First: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n responses written …</source>
        <translation>
            <numerusform>%n response written …</numerusform>
            <numerusform>%n responses written …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows read …</source>
        <translation>
            <numerusform>%n row read …</numerusform>
            <numerusform>%n rows read …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) stay: they were judged here.</source>
        <translation>
            <numerusform>%n response stays: it was judged here.</numerusform>
            <numerusform>%n responses stay: they were judged here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out: the format has no place for them.</source>
        <translation>
            <numerusform>%n was left out: the format has no place for it.</numerusform>
            <numerusform>%n were left out: the format has no place for them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::RoundController</name>
    <message numerus="yes">
        <source>%n examples are cut to the model&apos;s context</source>
        <translation>
            <numerusform>%n example is cut to the model&apos;s context</numerusform>
            <numerusform>%n examples are cut to the model&apos;s context</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n examples lost their judgment by that cut</source>
        <translation>
            <numerusform>%n example lost its judgment by that cut</numerusform>
            <numerusform>%n examples lost their judgment by that cut</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::RoundPreview</name>
    <message numerus="yes">
        <source>%n judged response(s) are left out: their instructions are held out</source>
        <translation>
            <numerusform>%n judged response is left out: its instruction is held out</numerusform>
            <numerusform>%n judged responses are left out: their instructions are held out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::WindowController</name>
    <message numerus="yes">
        <source>The check found %n thing(s).</source>
        <translation>
            <numerusform>The check found one thing.</numerusform>
            <numerusform>The check found %n things.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::AnnotatePage</name>
    <message numerus="yes">
        <source>%n instruction(s) wait for a response by the model.</source>
        <translation>
            <numerusform>%n instruction waits for a response by the model.</numerusform>
            <numerusform>%n instructions wait for a response by the model.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::Coach</name>
    <message numerus="yes">
        <source>%n token(s) light up</source>
        <translation>
            <numerusform>%n token lights up</numerusform>
            <numerusform>%n tokens light up</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::ComparePage</name>
    <message numerus="yes">
        <source>After the round: %1 better, 95 % interval %2–%3, from %n choice(s), equal counted half</source>
        <translation>
            <numerusform>After the round: %1 better, 95 % interval %2–%3, from %n choice, equal counted half</numerusform>
            <numerusform>After the round: %1 better, 95 % interval %2–%3, from %n choices, equal counted half</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answered alike</source>
        <translation>
            <numerusform>%n answered alike</numerusform>
            <numerusform>%n answered alike</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::CorrectionPanel</name>
    <message numerus="yes">
        <source>Changes: %n word(s) left out</source>
        <translation>
            <numerusform>Changes: %n word left out</numerusform>
            <numerusform>Changes: %n words left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n put in</source>
        <translation>
            <numerusform>%n put in</numerusform>
            <numerusform>%n put in</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::FindingsPanel</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The check found %n thing(s). Nothing has come in yet; say what is done.</source>
        <translation>
            <numerusform>The check found %n thing. Nothing has come in yet; say what is done.</numerusform>
            <numerusform>The check found %n things. Nothing has come in yet; say what is done.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The check found %n thing(s)</source>
        <translation>
            <numerusform>The check found %n thing</numerusform>
            <numerusform>The check found %n things</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::GeneratePanel</name>
    <message numerus="yes">
        <source>Answer %n instruction(s)</source>
        <translation>
            <numerusform>Answer one instruction</numerusform>
            <numerusform>Answer %n instructions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::HeatMapView</name>
    <message numerus="yes">
        <source>%n token(s) flagged.</source>
        <translation>
            <numerusform>%n token flagged.</numerusform>
            <numerusform>%n tokens flagged.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::InspectorPanel</name>
    <message numerus="yes">
        <source>%1 of %n token(s) flagged</source>
        <translation>
            <numerusform>%1 of %n token flagged</numerusform>
            <numerusform>%1 of %n tokens flagged</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>λ is made from %n judgment(s): so large that at most this share of the tokens lights up under another response&apos;s judgment and not under the own one.</source>
        <translation>
            <numerusform>λ is made from %n judgment: so large that at most this share of the tokens lights up under another response&apos;s judgment and not under the own one.</numerusform>
            <numerusform>λ is made from %n judgments: so large that at most this share of the tokens lights up under another response&apos;s judgment and not under the own one.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::InstructionsPanel</name>
    <message numerus="yes">
        <source>Nobody has answered %n of these yet.</source>
        <translation>
            <numerusform>Nobody has answered %n of these yet.</numerusform>
            <numerusform>Nobody has answered %n of these yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The first %n are shown; search for the others.</source>
        <translation>
            <numerusform>The first is shown; search for the others.</numerusform>
            <numerusform>The first %n are shown; search for the others.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1  (%n response(s))</source>
        <translation>
            <numerusform>%1  (%n response)</numerusform>
            <numerusform>%1  (%n responses)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::QueuePanel</name>
    <message numerus="yes">
        <source>%n judged by you</source>
        <translation>
            <numerusform>%n judged by you</numerusform>
            <numerusform>%n judged by you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundCard</name>
    <message numerus="yes">
        <source>%n criticised</source>
        <translation>
            <numerusform>%n criticised</numerusform>
            <numerusform>%n criticised</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n accepted</source>
        <translation>
            <numerusform>%n accepted</numerusform>
            <numerusform>%n accepted</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundPlanPanel</name>
    <message numerus="yes">
        <source>%n criticised</source>
        <translation>
            <numerusform>%n criticised</numerusform>
            <numerusform>%n criticised</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) pushed down</source>
        <translation>
            <numerusform>%n token pushed down</numerusform>
            <numerusform>%n tokens pushed down</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) light up nothing</source>
        <translation>
            <numerusform>%n judgment lights up nothing</numerusform>
            <numerusform>%n judgments light up nothing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n step</numerusform>
            <numerusform>%n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) light up nearly everything</source>
        <translation>
            <numerusform>%n judgment lights up nearly everything</numerusform>
            <numerusform>%n judgments light up nearly everything</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) light up no more than others would</source>
        <translation>
            <numerusform>%n judgment lights up no more than others would</numerusform>
            <numerusform>%n judgments light up no more than others would</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::StartPage</name>
    <message numerus="yes">
        <source>%n response(s)</source>
        <translation>
            <numerusform>%n response</numerusform>
            <numerusform>%n responses</numerusform>
        </translation>
    </message>
</context>
</TS>
