// log_mel_probe [SOUND OUTPUT]...: the log-mel patches of each sound file, as bare 32-bit floats.

#include <cstdio>
#include <fstream>

#include "data/log_mel.h"
#include "data/sound.h"

namespace {

bool writePatches(const char* sound, const char* output)
{
    const auto samples = frostline::readSound(sound);
    if (!samples) {
        std::fprintf(stderr, "log_mel_probe: %s\n", samples.error().message.c_str());
        return false;
    }
    const auto patches = frostline::logMelPatches(*samples);
    std::ofstream out(output, std::ios::binary);
    out.write(reinterpret_cast<const char*>(patches.data()),
              static_cast<std::streamsize>(patches.size() * sizeof(float)));
    return out.good();
}

} // namespace

int main(int argc, char** argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!writePatches(argv[i], argv[i + 1]))
            return 1;
    }
    return 0;
}
