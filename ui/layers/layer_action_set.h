#pragma once

#include <map>

#include <QObject>

#include "layers/layer_actions.h"

class QAction;

namespace frostline {

/// The buttons and menu entries for the layer actions; what cannot be used says why. GUI thread.
class LayerActionSet : public QObject {
    Q_OBJECT
public:
    explicit LayerActionSet(QWidget* parent);

    QAction* action(LayerAction action) const { return m_actions.at(action); }
    void setUsable(bool readOnly, bool anythingSelected);
    void refreshIcons();

Q_SIGNALS:
    void triggered(frostline::LayerAction action);

private:
    std::map<LayerAction, QAction*> m_actions;
};

} // namespace frostline
