#pragma once

#include <functional>

#include <QString>

class QWidget;

namespace frostline {

/// Asks where to put the weights that a saved session ended with, and writes them on another thread: as
/// safetensors, as a PyTorch state dict, or, where the model is one, as a TorchScript module. `then` hears
/// the problem, or an empty text and the file; it is not called on Cancel or once `parent` is gone. GUI
/// thread.
void askToExportWeights(QWidget* parent, const QString& sessionFolder,
                        const std::function<void(const QString& problem, const QString& file)>& then);

} // namespace frostline
