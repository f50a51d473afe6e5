#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "training/intervention.h"
#include "training/recipe.h"

class QFormLayout;
class QLabel;

namespace frostline {

class CheckedEdit;

enum class RecipeAccess {
    Editable,
    Branch, ///< The first steps are another session's: what they depend on is locked.
    Running,
    ReadOnly
};

/// Some fields of a recipe, one below the other. A field that cannot be used now is disabled and its tooltip
/// says why. GUI thread.
class RecipeGroup : public QWidget {
    Q_OBJECT
public:
    explicit RecipeGroup(QWidget* parent = nullptr);

    virtual void setRecipe(const Recipe& recipe) = 0;
    /// Writes its fields into the recipe and leaves all others alone.
    virtual void store(Recipe& recipe) const = 0;

    void setAccess(RecipeAccess access);

Q_SIGNALS:
    void edited();                                    ///< What only a new run takes.
    void changeMade(const frostline::Change& change); ///< What a running network takes too.

protected:
    /// Empty where a field means something now; else why it does not.
    using Irrelevance = std::function<QString()>;
    enum class WhileRunning {
        Fixed, ///< Locked; in a branch as well.
        Locked,
        Live
    };

    void addField(const QString& label, QWidget* editor, const QString& toolTip,
                  WhileRunning whileRunning = WhileRunning::Locked, Irrelevance irrelevance = {});
    /// A field over the whole width that brings its own label, or needs none.
    void addWideField(QWidget* editor, const QString& name, const QString& toolTip, WhileRunning whileRunning,
                      Irrelevance irrelevance = {});
    void addHint(CheckedEdit* edit);
    void addNote(const QString& text);
    void addLine(QWidget* content);
    void addInformation(const QString& label, QWidget* value);
    void updateUsable();
    /// A field that means nothing now goes away instead of being greyed.
    void hideIrrelevant();

private:
    struct Field {
        QWidget* editor = nullptr;
        QWidget* label = nullptr;
        QString name;
        QString toolTip;
        WhileRunning whileRunning = WhileRunning::Locked;
        Irrelevance irrelevance;
    };

    QLabel* createLabel(const QString& text);
    QString obstacleTo(const Field& field) const;

    QFormLayout* m_form = nullptr;
    std::vector<Field> m_fields;
    RecipeAccess m_access = RecipeAccess::Editable;
    bool m_hidesIrrelevant = false;
};

} // namespace frostline
