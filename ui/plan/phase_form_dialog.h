#pragma once

#include <QDialog>

#include "plan/plan_rows.h"

class QCheckBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace frostline {

class NumberEdit;
class PatternEdit;

/// One of the procedures that people follow by hand, as a small form; the recipe's reader writes it out into
/// phases. GUI thread.
class PhaseFormDialog : public QDialog {
    Q_OBJECT
public:
    enum class Form {
        TwoPhase, ///< The head alone, then more.
        Gradual,  ///< From the top down.
    };

    PhaseFormDialog(Form form, const Recipe& recipe, const LayerTable& table, const QStringList& patterns,
                    QWidget* parent);

    /// With the phases; valid once accepted.
    Result<Recipe> expanded() const;

private:
    void createTwoPhase(QFormLayout& rows, const QStringList& patterns);
    void createGradual(QFormLayout& rows);
    QSpinBox* addCount(QFormLayout& rows, const QString& label, const char* name, int value, int lowest,
                       int highest);
    NumberEdit* addNumber(QFormLayout& rows, const QString& label, const char* name, double value,
                          double lowest, double highest);
    std::string text() const;
    void showOutcome();

    Form m_form;
    Recipe m_recipe;
    LayerTable m_table;
    QSpinBox* m_headEpochs = nullptr;
    QSpinBox* m_epochs = nullptr;
    PatternEdit* m_trainable = nullptr;
    NumberEdit* m_rate = nullptr;
    QSpinBox* m_stages = nullptr;
    QSpinBox* m_every = nullptr;
    QSpinBox* m_phases = nullptr;
    QSpinBox* m_allEpochs = nullptr;
    NumberEdit* m_ratio = nullptr;
    QCheckBox* m_restoresBest;
    QLabel* m_outcome;
    QPushButton* m_ok = nullptr;
};

} // namespace frostline
