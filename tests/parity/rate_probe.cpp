// rate_probe < CURVES: for each line, {"steps", "learning_rate": [...], "smoothed_loss": [...]}, a line with
// the rates that the curve suggests, null where it suggests none.

#include <cstdio>
#include <iostream>
#include <string>

#include "base/json.h"
#include "training/rate_suggestions.h"

int main()
{
    for (std::string line; std::getline(std::cin, line);) {
        const auto curve = frostline::parseJson(line, "the curve");
        if (!curve) {
            std::fprintf(stderr, "rate_probe: %s\n", curve.error().message.c_str());
            return 1;
        }
        std::vector<frostline::RangePoint> points;
        for (const auto& rate : curve->at("learning_rate")) {
            const auto smoothed = curve->at("smoothed_loss").at(points.size()).get<double>();
            points.push_back({rate.get<double>(), smoothed, smoothed});
        }
        frostline::Json found;
        for (const auto& suggestion : frostline::suggestRates(points, curve->at("steps").get<int>()))
            found[std::string(nameOf(suggestion.method))] =
                suggestion.rate ? frostline::Json(*suggestion.rate) : frostline::Json();
        std::printf("%s\n", frostline::jsonText(found).c_str());
    }
    return 0;
}
