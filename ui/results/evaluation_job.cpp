#include "results/evaluation_job.h"

#include <chrono>
#include <utility>

#include "base/machine.h"
#include "data/load_data.h"
#include "session/session_store.h"

namespace frostline {

namespace {

Result<std::shared_ptr<const DataSplits>> dataOf(const std::string& folder)
{
    return SessionStore::load(folder).and_then([](const Session& session) {
        const auto& recipe = session.recipe;
        return loadData(recipe.data, recipe.seed, recipe.folder).map([](DataSplits splits) {
            return std::shared_ptr<const DataSplits>(std::make_shared<DataSplits>(std::move(splits)));
        });
    });
}

} // namespace

const DataSet& EvaluatedSplit::samples() const
{
    switch (evaluation.split) {
    case Split::Train:
        return data->train;
    case Split::Test:
        return data->test;
    case Split::Validation:
        break;
    }
    return data->validation;
}

EvaluationJob::~EvaluationJob()
{
    m_thread = {};
}

void EvaluationJob::start(const QString& folder, Split split, std::shared_ptr<const DataSplits> data)
{
    m_thread = {};
    const int request = ++m_request;
    m_thread = std::jthread([this, request, split, folder = folder.toStdString(),
                             data = std::move(data)](const std::stop_token& stop) {
        letOthersGoFirst();
        run(request, folder, split, data, stop);
    });
}

void EvaluationJob::stop()
{
    m_thread.request_stop();
}

void EvaluationJob::run(int request, const std::string& folder, Split split,
                        std::shared_ptr<const DataSplits> data, const std::stop_token& stop)
{
    using Told = Result<std::shared_ptr<const EvaluatedSplit>>;
    auto known = data ? Result<std::shared_ptr<const DataSplits>>(std::move(data)) : dataOf(folder);
    Told told = known.and_then([&](const std::shared_ptr<const DataSplits>& splits) -> Told {
        EvaluationRequest asked;
        asked.split = split;
        asked.keepsOutputs = false;
        asked.progress = [this](std::int64_t done, std::int64_t all) {
            if (m_pace.allows(std::chrono::milliseconds(100)))
                QMetaObject::invokeMethod(
                    this, [this, done, all] { Q_EMIT progressed(done, all); }, Qt::QueuedConnection);
        };
        EvaluationOptions options;
        options.data = splits;
        return evaluateSession(folder, asked, options, stop).map([&](Evaluation evaluation) {
            return std::shared_ptr<const EvaluatedSplit>(
                std::make_shared<EvaluatedSplit>(EvaluatedSplit{std::move(evaluation), splits}));
        });
    });
    QMetaObject::invokeMethod(
        this, [this, request, told = std::move(told)] { tell(request, told); }, Qt::QueuedConnection);
}

void EvaluationJob::tell(int request, const Result<std::shared_ptr<const EvaluatedSplit>>& result)
{
    if (request != m_request)
        return;
    if (result)
        Q_EMIT ended(*result);
    else
        Q_EMIT failed(QString::fromStdString(result.error().message));
}

} // namespace frostline
