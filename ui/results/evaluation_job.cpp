#include "results/evaluation_job.h"

#include <chrono>
#include <utility>

#include "data/load_data.h"
#include "run/background.h"
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

EvaluationJob::EvaluationJob(QObject* parent) : QObject(parent)
{
    m_look.setInterval(std::chrono::milliseconds(100));
    connect(&m_look, &QTimer::timeout, this, [this] {
        if (const auto all = m_progress->all.load(); all > 0)
            Q_EMIT progressed(m_progress->done.load(), all);
    });
}

EvaluationJob::~EvaluationJob()
{
    m_stop.request_stop();
}

void EvaluationJob::start(const QString& folder, Split split, std::shared_ptr<const DataSplits> data)
{
    forget();
    m_stop = std::stop_source();
    m_progress = std::make_shared<Progress>();
    m_look.start();
    inBackground([folder = folder.toStdString(), split, data = std::move(data), progress = m_progress,
                  stop = m_stop.get_token()] {
        return evaluated(folder, split, data, progress, stop);
    }).then(this, [this, request = m_request](const Told& result) { tell(request, result); });
}

bool EvaluationJob::stop()
{
    if (!m_progress || m_progress->all == 0) {
        forget();
        return false;
    }
    m_stop.request_stop();
    return true;
}

void EvaluationJob::forget()
{
    ++m_request;
    m_look.stop();
    m_stop.request_stop();
}

EvaluationJob::Told EvaluationJob::evaluated(const std::string& folder, Split split,
                                             std::shared_ptr<const DataSplits> data,
                                             const std::shared_ptr<Progress>& progress,
                                             const std::stop_token& stop)
{
    auto known = data ? Result<std::shared_ptr<const DataSplits>>(std::move(data)) : dataOf(folder);
    return known.and_then([&](const std::shared_ptr<const DataSplits>& splits) -> Told {
        EvaluationRequest asked;
        asked.split = split;
        asked.keepsOutputs = false;
        asked.progress = [&](std::int64_t done, std::int64_t all) {
            progress->done = done;
            progress->all = all;
        };
        EvaluationOptions options;
        options.data = splits;
        return evaluateSession(folder, asked, options, stop).map([&](Evaluation evaluation) {
            return std::shared_ptr<const EvaluatedSplit>(
                std::make_shared<EvaluatedSplit>(EvaluatedSplit{std::move(evaluation), splits}));
        });
    });
}

void EvaluationJob::tell(int request, const Told& result)
{
    if (request != m_request)
        return;
    m_look.stop();
    if (result)
        Q_EMIT ended(*result);
    else
        Q_EMIT failed(QString::fromStdString(result.error().message));
}

} // namespace frostline
