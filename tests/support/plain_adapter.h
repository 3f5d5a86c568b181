// That an adapter folder is in the plain form in which adapters are written: one rank, lora_alpha = r, nothing that a
// program would have to know beside A and B.
#pragma once

#include "base/files.h"
#include "base/json.h"
#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>

#include <QtTest>

#include <cstdint>
#include <string>

namespace stet::test {

inline Json adapterConfig(const std::string& adapter)
{
    return readJsonFile(adapter + "/adapter_config.json");
}

inline void isPlainAdapter(const std::string& adapter, std::int64_t rank)
{
    const Json config = adapterConfig(adapter);
    QCOMPARE(config.at("r").get<std::int64_t>(), rank);
    QCOMPARE(config.at("lora_alpha").get<double>(), static_cast<double>(rank));
    QVERIFY2(!config.value("use_rslora", false), config.dump().c_str());
    QVERIFY2(config.value("rank_pattern", Json::object()).empty(), config.dump().c_str());
    QVERIFY2(config.value("alpha_pattern", Json::object()).empty(), config.dump().c_str());
    for (const auto& [name, tensor] : model::readTensors(adapter + "/adapter_model.safetensors")) {
        QCOMPARE(tensor.size(name.find("lora_A") != std::string::npos ? 0 : 1), rank);
    }
}

}  // namespace stet::test
