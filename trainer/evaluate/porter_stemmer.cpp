#include "trainer/evaluate/porter_stemmer.h"

#include <algorithm>
#include <map>
#include <vector>

namespace stet::evaluate {

namespace {

bool endsWith(std::string_view word, std::string_view suffix)
{
    return word.size() >= suffix.size() && word.substr(word.size() - suffix.size()) == suffix;
}

std::string_view without(std::string_view word, std::string_view suffix)
{
    return word.substr(0, word.size() - suffix.size());
}

bool isVowel(char letter)
{
    return std::string_view("aeiou").find(letter) != std::string_view::npos;
}

// A y is a consonant at the beginning and after a vowel.
std::vector<bool> consonants(std::string_view word)
{
    std::vector<bool> flags;
    flags.reserve(word.size());
    for (std::size_t i = 0; i < word.size(); ++i) {
        flags.push_back(word[i] == 'y' ? i == 0 || !flags[i - 1] : !isVowel(word[i]));
    }
    return flags;
}

// m of the paper's form [C](VC)^m[V].
int measure(std::string_view stem)
{
    const auto flags = consonants(stem);
    int count = 0;
    for (std::size_t i = 1; i < flags.size(); ++i) {
        count += !flags[i - 1] && flags[i] ? 1 : 0;
    }
    return count;
}

bool hasMeasure(std::string_view stem)
{
    return measure(stem) > 0;
}

bool isLong(std::string_view stem)
{
    return measure(stem) > 1;
}

bool containsVowel(std::string_view stem)
{
    const auto flags = consonants(stem);
    return std::find(flags.begin(), flags.end(), false) != flags.end();
}

bool endsInDoubleConsonant(std::string_view word)
{
    return word.size() >= 2 && word[word.size() - 1] == word[word.size() - 2] && consonants(word).back();
}

// *o of the paper, and NLTK's addition: a vowel and a consonant are all there is.
bool endsConsonantVowelConsonant(std::string_view word)
{
    const auto flags = consonants(word);
    const auto n = word.size();
    if (n == 2) {
        return !flags[0] && flags[1];
    }
    return n >= 3 && flags[n - 3] && !flags[n - 2] && flags[n - 1] &&
        std::string_view("wxy").find(word[n - 1]) == std::string_view::npos;
}

struct Rule {
    std::string_view suffix;
    std::string_view replacement;
    bool (*condition)(std::string_view stem);
};

// The first rule whose suffix fits decides, also when its condition does not hold.
std::string applyFirst(const std::string& word, const std::vector<Rule>& rules)
{
    for (const Rule& rule : rules) {
        if (endsWith(word, rule.suffix)) {
            const std::string_view stem = without(word, rule.suffix);
            return rule.condition(stem) ? std::string(stem) + std::string(rule.replacement) : word;
        }
    }
    return word;
}

bool always(std::string_view)
{
    return true;
}

std::string plurals(const std::string& word)
{
    if (endsWith(word, "ies") && word.size() == 4) {
        return std::string(without(word, "s"));
    }
    static const std::vector<Rule> kRules = {
        {"sses", "ss", always}, {"ies", "i", always}, {"ss", "ss", always}, {"s", "", always}};
    return applyFirst(word, kRules);
}

std::string afterPastOrGerund(const std::string& stem)
{
    for (const std::string_view ending : {"at", "bl", "iz"}) {
        if (endsWith(stem, ending)) {
            return stem + "e";
        }
    }
    if (endsInDoubleConsonant(stem)) {
        const bool keeps = std::string_view("lsz").find(stem.back()) != std::string_view::npos;
        return keeps ? stem : stem.substr(0, stem.size() - 1);
    }
    return measure(stem) == 1 && endsConsonantVowelConsonant(stem) ? stem + "e" : stem;
}

std::string pastAndGerund(const std::string& word)
{
    if (endsWith(word, "ied")) {
        return std::string(without(word, word.size() == 4 ? "d" : "ed"));
    }
    if (endsWith(word, "eed")) {
        return hasMeasure(without(word, "eed")) ? std::string(without(word, "d")) : word;
    }
    for (const std::string_view suffix : {"ed", "ing"}) {
        if (endsWith(word, suffix) && containsVowel(without(word, suffix))) {
            return afterPastOrGerund(std::string(without(word, suffix)));
        }
    }
    return word;
}

std::string finalY(const std::string& word)
{
    const std::string_view stem = without(word, word.empty() ? "" : "y");
    return endsWith(word, "y") && stem.size() > 1 && consonants(stem).back() ? std::string(stem) + "i" : word;
}

std::string doubleSuffixes(std::string word)
{
    // NLTK: first, and then the rules once more.
    while (endsWith(word, "alli") && hasMeasure(without(word, "alli"))) {
        word.resize(word.size() - 2);
    }
    if (endsWith(word, "logi")) {  // its l counts for the stem
        return hasMeasure(without(word, "ogi")) ? std::string(without(word, "i")) : word;
    }
    static const std::vector<Rule> kRules = {
        {"ational", "ate", hasMeasure}, {"tional", "tion", hasMeasure}, {"enci", "ence", hasMeasure},
        {"anci", "ance", hasMeasure},   {"izer", "ize", hasMeasure},    {"bli", "ble", hasMeasure},
        {"alli", "al", hasMeasure},     {"entli", "ent", hasMeasure},   {"eli", "e", hasMeasure},
        {"ousli", "ous", hasMeasure},   {"ization", "ize", hasMeasure}, {"ation", "ate", hasMeasure},
        {"ator", "ate", hasMeasure},    {"alism", "al", hasMeasure},    {"iveness", "ive", hasMeasure},
        {"fulness", "ful", hasMeasure}, {"ousness", "ous", hasMeasure}, {"aliti", "al", hasMeasure},
        {"iviti", "ive", hasMeasure},   {"biliti", "ble", hasMeasure},  {"fulli", "ful", hasMeasure}};
    return applyFirst(word, kRules);
}

std::string derivations(const std::string& word)
{
    static const std::vector<Rule> kRules = {{"icate", "ic", hasMeasure}, {"ative", "", hasMeasure},
                                             {"alize", "al", hasMeasure}, {"iciti", "ic", hasMeasure},
                                             {"ical", "ic", hasMeasure},  {"ful", "", hasMeasure},
                                             {"ness", "", hasMeasure}};
    return applyFirst(word, kRules);
}

std::string residues(const std::string& word)
{
    static const auto kAfterSOrT = [](std::string_view stem) {
        return isLong(stem) && (stem.back() == 's' || stem.back() == 't');
    };
    static const std::vector<Rule> kRules = {
        {"al", "", isLong},    {"ance", "", isLong}, {"ence", "", isLong}, {"er", "", isLong},
        {"ic", "", isLong},    {"able", "", isLong}, {"ible", "", isLong}, {"ant", "", isLong},
        {"ement", "", isLong}, {"ment", "", isLong}, {"ent", "", isLong},  {"ion", "", kAfterSOrT},
        {"ou", "", isLong},    {"ism", "", isLong},  {"ate", "", isLong},  {"iti", "", isLong},
        {"ous", "", isLong},   {"ive", "", isLong},  {"ize", "", isLong}};
    return applyFirst(word, kRules);
}

std::string finalE(const std::string& word)
{
    if (!endsWith(word, "e")) {
        return word;
    }
    const std::string_view stem = without(word, "e");
    const int m = measure(stem);
    return m > 1 || (m == 1 && !endsConsonantVowelConsonant(stem)) ? std::string(stem) : word;
}

std::string finalL(const std::string& word)
{
    return endsWith(word, "ll") && isLong(without(word, "l")) ? std::string(without(word, "l")) : word;
}

}  // namespace

std::string porterStem(std::string_view word)
{
    static const std::map<std::string_view, std::string_view> kIrregular = {
        {"sky", "sky"},        {"skies", "sky"},       {"dying", "die"},        {"lying", "lie"},
        {"tying", "tie"},      {"news", "news"},       {"innings", "inning"},   {"inning", "inning"},
        {"outings", "outing"}, {"outing", "outing"},   {"cannings", "canning"}, {"canning", "canning"},
        {"howe", "howe"},      {"proceed", "proceed"}, {"exceed", "exceed"},    {"succeed", "succeed"}};
    if (const auto it = kIrregular.find(word); it != kIrregular.end()) {
        return std::string(it->second);
    }
    if (word.size() <= 2) {
        return std::string(word);
    }
    const std::string stem = finalY(pastAndGerund(plurals(std::string(word))));
    return finalL(finalE(residues(derivations(doubleSuffixes(stem)))));
}

}  // namespace stet::evaluate
