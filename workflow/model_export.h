// What of a round leaves the project, in which forms, and for which programs; the window and `stet export` ask
// stet-trainer alike. Called on the thread that holds the project; nothing is run here.
#pragma once

#include "annotate/store/project.h"

#include <string>
#include <vector>

namespace stet::workflow {

struct ModelForm {
    const char* name;        // "gguf-q8_0": on the command line, and between window and controller
    bool folder = false;     // else one file
    bool baseHasIt = false;  // the base model alone can be written so
};

const std::vector<ModelForm>& modelForms();
const ModelForm* findModelForm(const std::string& name);  // nullptr: none of them
std::string modelFormNames();                             // "huggingface, peft, …"

struct ModelExport {
    int round = 0;  // 0: the base model
    std::string form;
    std::string out;         // file or folder to make
    bool modelfile = false;  // of a GGUF model: for Ollama, as out + ".Modelfile"
};

// The arguments of stet-trainer that write it, without --progress. Failure(BadInput): the round is not finished, `out`
// lies in the project's own folder; Failure(Usage): no such form, or one that the base model doesn't have.
std::vector<std::string> exportArguments(const annotate::Project& project, const ModelExport& what);

// Another program that a model is taken to.
struct Program {
    const char* name;   // "ollama"
    const char* title;  // "Ollama"
    const char* form;   // that it reads best
    const char* tried;  // with which version such files were tried; empty: never
};

const std::vector<Program>& programs();
const Program* findProgram(const std::string& name);  // nullptr: none of them
std::string programNames();

// One line for a terminal that starts the program with what was exported. `base`: the project's model folder or file.
// Empty: the program reads no such form.
std::string useCommand(const Program& program, const ModelExport& exported, const std::string& base);

// What `ollama` calls it: the file's name in letters, digits and dashes.
std::string ollamaName(const std::string& out);

}  // namespace stet::workflow
