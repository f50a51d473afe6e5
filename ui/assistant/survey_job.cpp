#include "assistant/survey_job.h"

#include <utility>

namespace frostline {

SurveyJob::~SurveyJob()
{
    m_thread = {};
}

void SurveyJob::start(const QString& path)
{
    const int request = ++m_request;
    m_thread = std::jthread([this, request, path = path.toStdString()] {
        auto survey = surveyData(path);
        QMetaObject::invokeMethod(
            this, [this, request, survey = std::move(survey)] { tell(request, survey); },
            Qt::QueuedConnection);
    });
}

void SurveyJob::tell(int request, const Result<DataSurvey>& survey)
{
    if (request != m_request)
        return;
    if (survey)
        Q_EMIT found(*survey);
    else
        Q_EMIT failed(QString::fromStdString(survey.error().message));
}

} // namespace frostline
