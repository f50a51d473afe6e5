#pragma once

#include <vector>

#include "controls/recipe_group.h"

class QComboBox;
class QSpinBox;

namespace frostline {

class NumberEdit;

/// How the learning rate goes over the run: the kind, and of its fields those that the kind has.
class ScheduleGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit ScheduleGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

    /// In the order of ScheduleKind, and of Monitor.
    static QStringList kindNames();
    static QStringList monitorNames();

private:
    using Kinds = std::vector<ScheduleKind>;

    void createKinds();
    void createFall();
    void createSmooth();
    void createPlateau();
    void createWarmup();
    ScheduleKind kind() const;
    Irrelevance unless(const Kinds& kinds) const;
    NumberEdit* addNumber(const QString& label, const QString& toolTip, double lowest, double highest,
                          Irrelevance irrelevance);
    QSpinBox* addCount(const QString& label, const QString& toolTip, int lowest, Irrelevance irrelevance);
    QComboBox* addChoice(const QString& label, const QStringList& choices, const QString& toolTip,
                         Irrelevance irrelevance = {});
    void takeChoice();
    ScheduleRecipe schedule() const;

    ScheduleRecipe m_given; ///< With what the fields of its kind do not show.
    QComboBox* m_kind = nullptr;
    QComboBox* m_clock = nullptr;
    NumberEdit* m_factor = nullptr;
    NumberEdit* m_every = nullptr;
    CheckedEdit* m_milestones = nullptr;
    CheckedEdit* m_length = nullptr;
    QSpinBox* m_lengthen = nullptr;
    NumberEdit* m_rise = nullptr;
    NumberEdit* m_startDivisor = nullptr;
    NumberEdit* m_endDivisor = nullptr;
    QComboBox* m_shape = nullptr;
    QComboBox* m_monitor = nullptr;
    QSpinBox* m_patience = nullptr;
    NumberEdit* m_threshold = nullptr;
    QComboBox* m_thresholdMode = nullptr;
    QSpinBox* m_cooldown = nullptr;
    NumberEdit* m_minimum = nullptr;
    QComboBox* m_warmup = nullptr;
    NumberEdit* m_warmupLength = nullptr;
    NumberEdit* m_warmupFrom = nullptr;
};

} // namespace frostline
