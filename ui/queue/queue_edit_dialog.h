#pragma once

#include <vector>

#include <QDialog>

#include "training/recipe.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace frostline {

/// Other values for a queued recipe: for clones of it, one for each seed, or for itself. What cannot be is
/// said while it is typed. GUI thread.
class QueueEditDialog : public QDialog {
    Q_OBJECT
public:
    enum class Purpose { Clone, Edit };

    QueueEditDialog(const Recipe& recipe, Purpose purpose, QWidget* parent = nullptr);

    /// As they were when the dialog was accepted.
    const std::vector<Recipe>& recipes() const { return m_recipes; }
    /// Puts these seeds into their field and the cursor after them.
    void proposeSeeds(const QString& seeds);

private:
    QLineEdit* addLine(QFormLayout& form, const QString& label, const QString& name, const QString& text);
    void createFields(QFormLayout& form);
    void check();
    void setProblem(const QString& problem);
    QString acceptText() const;

    Recipe m_recipe;
    Purpose m_purpose;
    std::vector<Recipe> m_recipes;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_seeds = nullptr;
    QLineEdit* m_rate = nullptr;
    QLineEdit* m_epochs = nullptr;
    QPlainTextEdit* m_others = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_accept = nullptr;
};

} // namespace frostline
