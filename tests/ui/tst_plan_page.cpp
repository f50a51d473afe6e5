#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include "controls/checked_edit.h"
#include "controls/schedule_group.h"
#include "plan/choice_editor.h"
#include "plan/group_dialog.h"
#include "plan/phase_form_dialog.h"
#include "plan_page_case.h"
#include "plots/mark_groups.h"
#include "timeline/timeline_strip.h"
#include "training/schedule.h"

using namespace frostline;
using namespace frostline::test;

namespace {

Recipe twoPhases()
{
    auto recipe = smallRecipe();
    recipe.phases = {phaseOf("head", 2), phaseOf("all", 3, {{"*"}})};
    recipe.phases[1].learningRate = 1e-4;
    recipe.epochs = 5;
    return recipe;
}

/// `0-20 frozen, 20-50 trainable`.
QString spansOf(const FreezeTrack& track, const char* path)
{
    QStringList texts;
    for (const auto& layer : track.layers()) {
        for (const auto& span : layer.spans) {
            if (layer.path == path)
                texts << QStringLiteral("%1-%2 %3").arg(span.from).arg(span.to).arg(lookName(span.state));
        }
    }
    return texts.join(QStringLiteral(", "));
}

} // namespace

class TestPlanPage : public PlanPageCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void namesWhatIsTicked_data();
    void namesWhatIsTicked();
    void theWholeRunIsARow();
    void aPhaseIsAddedAndItsPatternTyped();
    void whatIsTypedIsCompleted();
    void aWrongPatternIsTold();
    void theFirstRowTicks();
    void theFirstRowRefusesWhatMatchesNothing();
    void theFirstRowsRateIsTheRecipes();
    void rowsMoveCloneAndGo();
    void editsAreTakenBack();
    void headFirstIsWrittenOut();
    void gradualUnfreezingIsWrittenOut();
    void aScheduleIsChosenAndEdited();
    void theCurveIsTheSchedules_data();
    void theCurveIsTheSchedules();
    void theEditorKeepsWhatIsGiven();
    void anEarlyEndIsEdited();
    void whatCannotEndIsTold();
    void theRunHasAnEndOfItsOwn();
    void epochsAreTheAxisWhileStepsAreUnknown();
    void nothingIsEditedWhileRunningSavedOrBranched();
    void theStripShowsWhereARunIs();
    void aPhasesChangesAreOneMark();
};

void TestPlanPage::namesWhatIsTicked_data()
{
    QTest::addColumn<QStringList>("on");
    QTest::addColumn<QString>("text");
    QTest::newRow("all") << QStringList{QStringLiteral("*")} << QStringLiteral("*");
    QTest::newRow("one") << QStringList{QStringLiteral("fc")} << QStringLiteral("fc");
    QTest::newRow("stages") << QStringList{QStringLiteral("fc"), QStringLiteral("layer1.1")}
                            << QStringLiteral("last 2 stages");
    QTest::newRow("a container and more")
        << QStringList{QStringLiteral("layer1"), QStringLiteral("conv1")} << QStringLiteral("conv1, layer1");
    QTest::newRow("none") << QStringList{} << QString();
}

void TestPlanPage::namesWhatIsTicked()
{
    QFETCH(QStringList, on);
    QFETCH(QString, text);
    auto table = smallNetwork();
    QVERIFY(applyChange(table, {ChangeKind::Trainable, "*", false}));
    for (const auto& pattern : on)
        QVERIFY(applyChange(table, {ChangeKind::Trainable, pattern.toStdString(), true}));
    QStringList names;
    auto again = smallNetwork();
    QVERIFY(applyChange(again, {ChangeKind::Trainable, "*", false}));
    for (const auto& pattern : trainablePatterns(table)) {
        names << QString::fromStdString(pattern);
        QVERIFY(applyChange(again, {ChangeKind::Trainable, pattern, true}));
    }
    QCOMPARE(names.join(QStringLiteral(", ")), text);
    QCOMPARE(treeText(again), treeText(table));
}

void TestPlanPage::theWholeRunIsARow()
{
    QCOMPARE(model().rowCount(), 1);
    QCOMPARE(text(0, PlanModel::NameColumn), QStringLiteral("whole run"));
    QCOMPARE(detail(0, PlanModel::NameColumn), QStringLiteral("epochs 1–6"));
    QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: fc"));
    QCOMPARE(detail(0, PlanModel::TrainableColumn), QStringLiteral("50 weights, 12.44 %"));
    QVERIFY(problem().isEmpty());
    QSignalSpy edited(m_page.get(), &PlanPage::planEdited);
    auto* spin = edit<QSpinBox>(0, PlanModel::EpochsColumn);
    QVERIFY(spin);
    spin->selectAll();
    QTest::keyClicks(spin, QStringLiteral("9"));
    QTest::keyClick(spin, Qt::Key_Return);
    settle();
    QCOMPARE(edited.size(), 1);
    QCOMPARE(m_page->recipe().epochs, 9);
    QVERIFY(m_page->recipe().phases.empty());
}

void TestPlanPage::aPhaseIsAddedAndItsPatternTyped()
{
    click("plan-add-button");
    QCOMPARE(model().rowCount(), 2);
    QCOMPARE(m_page->recipe().epochs, 7);
    QCOMPARE(text(1, PlanModel::TrainableColumn), QStringLiteral("as before"));
    QCOMPARE(table().currentIndex().row(), 1);
    type(1, PlanModel::TrainableColumn, "layer1.1, fc");
    QCOMPARE(m_page->recipe().phases[1].trainable, (std::vector<std::string>{"layer1.1", "fc"}));
    QCOMPARE(detail(1, PlanModel::TrainableColumn), QStringLiteral("202 weights, 50.25 %"));
    type(1, PlanModel::NameColumn, "upper");
    type(1, PlanModel::RateColumn, "2e-4");
    QCOMPARE(m_page->recipe().phases[1].name, "upper");
    QCOMPARE(m_page->recipe().phases[1].learningRate, std::optional(2e-4));
    QCOMPARE(spansOf(m_page->preview()->track(), "layer1.1.conv1"),
             QStringLiteral("0-60 frozen, 60-70 trainable"));
    type(1, PlanModel::RateColumn, "");
    QCOMPARE(m_page->recipe().phases[1].learningRate, std::optional<double>());
}

void TestPlanPage::whatIsTypedIsCompleted()
{
    click("plan-add-button");
    auto* editor = edit<PatternEdit>(1, PlanModel::TrainableColumn);
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("fc, layer1.1.c"));
    QCOMPARE(editor->words()->completionCount(), 1);
    QVERIFY(editor->words()->popup()->isVisible());
    QTest::keyClick(editor->words()->popup(), Qt::Key_Down);
    QTest::keyClick(editor->words()->popup(), Qt::Key_Return);
    QCOMPARE(editor->text(), QStringLiteral("fc, layer1.1.conv1"));
}

void TestPlanPage::aWrongPatternIsTold()
{
    click("plan-add-button");
    type(1, PlanModel::TrainableColumn, "nowhere");
    QCOMPARE(m_page->recipe().phases[1].trainable, (std::vector<std::string>{"nowhere"}));
    QVERIFY(model().index(1, PlanModel::TrainableColumn).data(PlanModel::ProblemRole).toBool());
    QVERIFY2(detail(1, PlanModel::TrainableColumn).contains(QStringLiteral("nowhere")),
             qPrintable(detail(1, PlanModel::TrainableColumn)));
    QVERIFY2(m_page->problem().startsWith(QStringLiteral("Phase 2, phase 2: ")),
             qPrintable(m_page->problem()));
    QCOMPARE(problem(), m_page->problem());
    type(1, PlanModel::TrainableColumn, "last 2 stages");
    QVERIFY(m_page->problem().isEmpty());
    QVERIFY(problem().isEmpty());
}

void TestPlanPage::theFirstRowTicks()
{
    QSignalSpy edited(m_page.get(), &PlanPage::planEdited);
    type(0, PlanModel::TrainableColumn, "layer1, fc");
    QCOMPARE(edited.size(), 1);
    const auto recipe = edited[0][0].value<Recipe>();
    QVERIFY(recipe.phases.empty());
    QCOMPARE(treeText(startingLayers(smallNetwork(), recipe)),
             QStringLiteral("conv1- bn1- relu layer1(0(conv1+ bn1+) 1(conv1+ bn1+)) avgpool fc+ softmax"));
    QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: last 3 stages"));
}

void TestPlanPage::theFirstRowRefusesWhatMatchesNothing()
{
    const auto before = m_page->recipe();
    type(0, PlanModel::TrainableColumn, "nowhere");
    QVERIFY2(problem().contains(QStringLiteral("\"nowhere\"")), qPrintable(problem()));
    QVERIFY(m_page->recipe() == before);
    type(0, PlanModel::RateColumn, "fast");
    QVERIFY2(problem().contains(QStringLiteral("fast")), qPrintable(problem()));
    QVERIFY(m_page->recipe() == before);
}

void TestPlanPage::theFirstRowsRateIsTheRecipes()
{
    m_page->setDraft(twoPhases(), ticked(twoPhases()), kSteps, false);
    type(0, PlanModel::RateColumn, "0.01");
    QCOMPARE(m_page->recipe().optimizer.learningRate, 0.01);
    QVERIFY(!m_page->recipe().phases[0].learningRate);
    QCOMPARE(m_page->preview()->course().rates.front().rate, 0.01);
    QCOMPARE(m_page->preview()->course().rates.back().rate, 1e-4);
}

void TestPlanPage::rowsMoveCloneAndGo()
{
    m_page->setDraft(twoPhases(), ticked(twoPhases()), kSteps, false);
    table().setFocus();
    table().setCurrentIndex(model().index(0, PlanModel::NameColumn));
    QTest::keyClick(&table(), Qt::Key_Down, Qt::AltModifier);
    // What the second phase sets is now how the run begins, and what was ticked is said by the second.
    QCOMPARE(text(0, PlanModel::NameColumn), QStringLiteral("all"));
    QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: *"));
    QCOMPARE(text(1, PlanModel::TrainableColumn), QStringLiteral("fc"));
    QCOMPARE(m_page->recipe().optimizer.learningRate, 1e-4);
    QCOMPARE(m_page->recipe().phases[1].learningRate, std::optional(1e-3));
    QCOMPARE(table().currentIndex().row(), 1);
    QTest::keyClick(&table(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: fc"));
    click("plan-copy-button");
    QCOMPARE(model().rowCount(), 3);
    QVERIFY(text(0, PlanModel::NameColumn) != text(1, PlanModel::NameColumn));
    QCOMPARE(m_page->recipe().epochs, 7);
    click("plan-delete-button");
    click("plan-delete-button");
    QCOMPARE(model().rowCount(), 1);
    QVERIFY(!m_page->recipe().phases.empty());
    click("plan-delete-button");
    QVERIFY(m_page->recipe().phases.empty());
    QVERIFY(m_page->recipe().epochs > 0);
}

void TestPlanPage::editsAreTakenBack()
{
    const auto before = m_page->recipe();
    type(0, PlanModel::TrainableColumn, "*");
    click("plan-add-button");
    const auto after = m_page->recipe();
    table().setFocus();
    QTest::keyClick(&table(), Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(&table(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_page->recipe() == before);
    QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: fc"));
    QTest::keyClick(&table(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClick(&table(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_page->recipe() == after);
}

void TestPlanPage::headFirstIsWrittenOut()
{
    click("twoPhase");
    auto* form = dialog<PhaseFormDialog>();
    QVERIFY(form);
    form->findChild<QSpinBox*>(QStringLiteral("headEpochs"))->setValue(2);
    form->findChild<QSpinBox*>(QStringLiteral("thenEpochs"))->setValue(4);
    auto* outcome = form->findChild<QLabel*>(QStringLiteral("formOutcome"));
    QCOMPARE(outcome->text(), QStringLiteral("2 phases, 6 epochs: head (2), everything (4)"));
    auto* then = form->findChild<QLineEdit*>(QStringLiteral("thenTrainable"));
    then->setText(QStringLiteral("nowhere"));
    QVERIFY(!form->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->isEnabled());
    QVERIFY(outcome->text().contains(QStringLiteral("nowhere")));
    then->setText(QStringLiteral("*"));
    accept(form);
    QCOMPARE(model().rowCount(), 2);
    QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: fc"));
    QCOMPARE(text(1, PlanModel::TrainableColumn), QStringLiteral("*"));
    QCOMPARE(m_page->recipe().phases[1].learningRate, std::optional(1e-4));
    QCOMPARE(spansOf(m_page->preview()->track(), "conv1"), QStringLiteral("0-20 frozen, 20-60 trainable"));
}

void TestPlanPage::gradualUnfreezingIsWrittenOut()
{
    click("gradual");
    auto* form = dialog<PhaseFormDialog>();
    QVERIFY(form);
    QCOMPARE(form->findChild<QSpinBox*>(QStringLiteral("formPhases"))->value(), 5);
    form->findChild<QSpinBox*>(QStringLiteral("formPhases"))->setValue(3);
    form->findChild<QSpinBox*>(QStringLiteral("formEvery"))->setValue(2);
    form->findChild<QSpinBox*>(QStringLiteral("formAll"))->setValue(1);
    auto* ratio = form->findChild<NumberEdit*>(QStringLiteral("formRatio"));
    ratio->setFocus();
    ratio->selectAll();
    QTest::keyClicks(ratio, QStringLiteral("2"));
    QTest::keyClick(ratio, Qt::Key_Return);
    QCOMPARE(model().rowCount(), 4);
    QCOMPARE(m_page->recipe().epochs, 7);
    const auto& track = m_page->preview()->track();
    QCOMPARE(spansOf(track, "fc"), QStringLiteral("0-70 trainable"));
    QCOMPARE(spansOf(track, "layer1.1.conv1"), QStringLiteral("0-20 frozen, 20-70 trainable"));
    QCOMPARE(spansOf(track, "layer1.0.bn1"), QStringLiteral("0-40 frozen, 40-70 trainable"));
    QCOMPARE(spansOf(track, "conv1"), QStringLiteral("0-60 frozen, 60-70 trainable"));
    const auto& layers = model().reports().front().layers;
    const auto rateOf = [&](const char* path) {
        return layerAt(layers, indexOfPath(layers, QLatin1String(path))).settings.rateMultiplier;
    };
    QCOMPARE(rateOf("fc"), 1.0);
    QCOMPARE(rateOf("layer1.1.conv1"), 0.5);
    QCOMPARE(rateOf("conv1"), 0.125);
    // The strip shows them, each named where it begins.
    auto* strip = m_page->findChild<TimelineStrip*>();
    QVERIFY(strip->tipAt({qRound(strip->xOf(20)) + 2, strip->rowRect(4).center().y()})
                .contains(QStringLiteral("last 2 stages")));
    QVERIFY(strip->isAligned());
}

void TestPlanPage::aScheduleIsChosenAndEdited()
{
    m_page->setDraft(twoPhases(), ticked(twoPhases()), kSteps, false);
    auto* editor = edit<ChoiceEditor>(1, PlanModel::ScheduleColumn);
    QVERIFY(editor);
    QCOMPARE(editor->choice(), 0);
    for (int i = 0; i <= static_cast<int>(ScheduleKind::Cosine); ++i)
        QTest::keyClick(editor->box(), Qt::Key_Down);
    QTest::keyClick(editor->box(), Qt::Key_Return);
    settle();
    QCOMPARE(m_page->recipe().phases[1].schedule->kind, ScheduleKind::Cosine);
    QCOMPARE(text(1, PlanModel::ScheduleColumn), QStringLiteral("cosine"));
    editor = edit<ChoiceEditor>(1, PlanModel::ScheduleColumn);
    QVERIFY(editor);
    QTest::mouseClick(editor->findChild<QToolButton*>(QStringLiteral("fields")), Qt::LeftButton);
    auto* fields = dialog<GroupDialog>();
    QVERIFY(fields);
    auto* kind = fields->findChild<QComboBox*>(QStringLiteral("scheduleKind"));
    QCOMPARE(kind->currentText(), QStringLiteral("cosine"));
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_Home);
    QTest::keyClick(kind, Qt::Key_Down);
    QCOMPARE(kind->currentText(), QStringLiteral("steps down"));
    accept(fields);
    QCOMPARE(m_page->recipe().phases[1].schedule->kind, ScheduleKind::Decay);
    QCOMPARE(m_page->recipe().schedule, ScheduleRecipe());
}

void TestPlanPage::theCurveIsTheSchedules_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 0; kind <= static_cast<int>(ScheduleKind::OneCycle); ++kind)
        QTest::newRow(std::string(nameOf(static_cast<ScheduleKind>(kind))).c_str()) << kind;
}

void TestPlanPage::theCurveIsTheSchedules()
{
    QFETCH(int, kind);
    auto recipe = twoPhases();
    recipe.schedule.kind = static_cast<ScheduleKind>(kind);
    recipe.schedule.every = 1.0;
    recipe.schedule.milestones = {1.0};
    recipe.schedule.warmup.steps = 5;
    m_page->setDraft(recipe, ticked(recipe), kSteps, false);
    const auto& rates = m_page->preview()->course().rates;
    QCOMPARE(std::ssize(rates), std::ptrdiff_t(50));
    for (Step step = 0; step < 50; ++step) {
        const bool isSecond = step >= 20;
        const ScheduleTime time{isSecond ? step - 20 : step, kSteps, isSecond ? 3 : 2, 0};
        const auto& point = rates[static_cast<std::size_t>(step)];
        QCOMPARE(point.step, step);
        QCOMPARE(point.rate, scheduledRate(recipe.schedule, time, isSecond ? 1e-4 : 1e-3));
    }
}

void TestPlanPage::theEditorKeepsWhatIsGiven()
{
    for (int kind = 0; kind <= static_cast<int>(ScheduleKind::Plateau); ++kind) {
        auto recipe = smallRecipe();
        recipe.schedule.kind = static_cast<ScheduleKind>(kind);
        recipe.schedule.milestones = {1.5, 1234.25};
        recipe.schedule.length = 7.5;
        recipe.schedule.factor = 1.0 / 3.0;
        recipe.schedule.warmup.epochs = kind % 2 == 0 ? 0.25 : 0.0;
        recipe.schedule.watched.mode = MonitorMode::Max;
        ScheduleGroup group;
        group.setRecipe(recipe);
        Recipe stored;
        group.store(stored);
        QVERIFY2(stored.schedule == recipe.schedule, std::string(nameOf(recipe.schedule.kind)).c_str());
    }
}

void TestPlanPage::anEarlyEndIsEdited()
{
    m_page->setDraft(twoPhases(), ticked(twoPhases()), kSteps, false);
    auto* editor = edit<ChoiceEditor>(1, PlanModel::EndColumn);
    QVERIFY(editor);
    editor->setChoice(static_cast<int>(Monitor::ValidationLoss) + 1);
    Q_EMIT editor->chosen();
    const auto& phase = m_page->recipe().phases[1];
    QCOMPARE(phase.until->watched.monitor, Monitor::ValidationLoss);
    QVERIFY(phase.until->patience < phase.epochs);
    QCOMPARE(detail(1, PlanModel::EpochsColumn), QStringLiteral("at most"));
    table().setCurrentIndex(model().index(1, PlanModel::BestColumn));
    QTest::keyClick(&table(), Qt::Key_Space);
    QVERIFY(m_page->recipe().phases[1].restoresBest);
}

void TestPlanPage::whatCannotEndIsTold()
{
    auto recipe = twoPhases();
    recipe.phases[1].until = EndRecipe{.patience = 3};
    m_page->setDraft(recipe, ticked(recipe), kSteps, false);
    QVERIFY2(m_page->problem().contains(QStringLiteral("a patience of 3 cannot end a phase of 3 epochs")),
             qPrintable(m_page->problem()));
    QVERIFY(m_page->problem().startsWith(QStringLiteral("Phase 2, all: ")));
}

void TestPlanPage::theRunHasAnEndOfItsOwn()
{
    m_page->setDraft(twoPhases(), ticked(twoPhases()), kSteps, false);
    click("runRestoresBest");
    QVERIFY(m_page->recipe().checkpoints.restoresBest);
    click("runEnd");
    auto* fields = dialog<GroupDialog>();
    QVERIFY(fields);
    QTest::mouseClick(fields->findChild<QCheckBox*>(QStringLiteral("endsEarly")), Qt::LeftButton, {},
                      QPoint(8, 8));
    fields->findChild<QSpinBox*>()->setValue(2);
    accept(fields);
    QCOMPARE(m_page->recipe().earlyStopping->patience, 2);
    QVERIFY(!m_page->recipe().phases[0].until);
}

void TestPlanPage::epochsAreTheAxisWhileStepsAreUnknown()
{
    m_page->setDraft(twoPhases(), {}, 0, false);
    const auto& course = m_page->preview()->course();
    QVERIFY(!course.hasSteps);
    QCOMPARE(course.begins, (std::vector<Step>{0, 200, 500}));
    QVERIFY(
        m_page->findChild<QLabel*>(QStringLiteral("planNote"))->text().contains(QStringLiteral("epochs")));
    QVERIFY(!m_page->findChild<QToolButton*>(QStringLiteral("gradual"))->isEnabled());
    QVERIFY(!model().flags(model().index(0, PlanModel::TrainableColumn)).testFlag(Qt::ItemIsEditable));
}

void TestPlanPage::nothingIsEditedWhileRunningSavedOrBranched()
{
    auto* why = m_page->findChild<QLabel*>(QStringLiteral("planObstacle"));
    const auto isEditable = [this] {
        return model().flags(model().index(0, PlanModel::EpochsColumn)).testFlag(Qt::ItemIsEditable);
    };
    QVERIFY(!why->isVisible() && isEditable());
    m_page->setRunning(true);
    QVERIFY(why->isVisible() && !isEditable());
    QVERIFY(!m_page->findChild<QToolButton*>(QStringLiteral("plan-add-button"))->isEnabled());
    m_page->setRunning(false);
    QVERIFY(!why->isVisible() && isEditable());
    m_page->setDraft(twoPhases(), ticked(twoPhases()), kSteps, true);
    QVERIFY(why->text().contains(QStringLiteral("branch")) && !isEditable());
    Session session;
    session.recipe = twoPhases();
    session.layers = ticked(twoPhases());
    session.epochs.emplace_back().step = 7;
    m_page->showSession(session);
    QVERIFY(why->text().contains(QStringLiteral("saved session")) && !isEditable());
    QCOMPARE(m_page->preview()->course().steps(), Step(35));
}

void TestPlanPage::theStripShowsWhereARunIs()
{
    m_page->showRun(twoPhases(), ticked(twoPhases()), kSteps);
    m_page->setRunning(true);
    auto* strip = m_page->findChild<TimelineStrip*>();
    QCOMPARE(strip->selected(), -1);
    m_page->setPhase(1, 15);
    m_page->setStep(18);
    QCOMPARE(strip->selected(), 1);
    QVERIFY(!model().index(1, 0).data(Qt::DecorationRole).isNull());
    QVERIFY(model().index(0, 0).data(Qt::DecorationRole).isNull());
}

void TestPlanPage::aPhasesChangesAreOneMark()
{
    const auto of = [](Step step, ChangeKind kind, Origin origin) {
        return Intervention{step, {kind, "*", true}, origin, ""};
    };
    const std::vector<Intervention> all{
        of(5, ChangeKind::Trainable, Origin::User), of(5, ChangeKind::Trainable, Origin::Phase),
        of(5, ChangeKind::Trainable, Origin::Phase), of(5, ChangeKind::Phase, Origin::Phase),
        of(9, ChangeKind::Trainable, Origin::Phase)};
    const auto groups = markGroups(all);
    QCOMPARE(groups.size(), std::size_t(3));
    QCOMPARE(groups[1].first, std::size_t(1));
    QCOMPARE(groups[1].count, std::size_t(3));
    QCOMPARE(groups[1].lead, std::size_t(3));
    QCOMPARE(leadOf(all, 2), std::size_t(3));
    QCOMPARE(leadOf(all, 0), std::size_t(0));
    QCOMPARE(leadOf(all, 4), std::size_t(4));
}

QTEST_MAIN(TestPlanPage)
#include "tst_plan_page.moc"
