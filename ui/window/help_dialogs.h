#pragma once

class QMainWindow;
class QWidget;

namespace frostline {

void showAbout(QWidget* parent);
/// Every action of the window that has a key.
void showShortcuts(QMainWindow* window);

} // namespace frostline
