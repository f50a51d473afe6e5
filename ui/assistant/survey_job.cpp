#include "assistant/survey_job.h"

#include "run/background.h"

namespace frostline {

void SurveyJob::start(const QString& path)
{
    const int request = ++m_request;
    inBackground([path = path.toStdString()] {
        return surveyData(path);
    }).then(this, [this, request](const Result<DataSurvey>& survey) { tell(request, survey); });
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
