#pragma once

#include <optional>
#include <vector>

#include <QDialog>
#include <QFileDialog>

#include "data/survey.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace frostline {

class ClassChart;
class SurveyJob;

/// Opens data of somebody's own: tells what a folder holds, class by class, and suggests a recipe. GUI
/// thread.
class OpenDataDialog : public QDialog {
    Q_OBJECT
public:
    explicit OpenDataDialog(QWidget* parent = nullptr);

    /// Looks there at once, as if it had been typed.
    void setPath(const QString& path);
    /// The recipe that was suggested, once the dialog was accepted.
    const Recipe& recipe() const { return m_recipe; }

private:
    QWidget* createPathRow();
    QWidget* createFindings();
    void loadBases();
    void browse(QFileDialog::FileMode mode);
    void look();
    void showSurvey(const frostline::DataSurvey& survey);
    void showProblem(const QString& problem);
    void fillBases();
    void suggest();

    QLineEdit* m_path = nullptr;
    QLabel* m_found = nullptr;
    ClassChart* m_chart = nullptr;
    QComboBox* m_base = nullptr;
    QLabel* m_plan = nullptr;
    QPushButton* m_open = nullptr;
    SurveyJob* m_job;
    std::vector<PretrainedBase> m_bases; ///< All that are on this machine.
    std::optional<DataSurvey> m_survey;
    Recipe m_recipe;
};

} // namespace frostline
