#include "fetch/download.h"

#include <csignal>
#include <ctime>

#include "base/file.h"
#include "fetch/catalog.h"
#include "fetch/part_file.h"
#include "fetch/transfer.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr int kMostRequests = 8;

/// OpenSSL writes to sockets whose other end may be gone; that must not end the program.
class PipeGuard {
public:
    PipeGuard()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~PipeGuard()
    {
        const timespec atOnce = {};
        while (sigtimedwait(&m_pipe, nullptr, &atOnce) > 0) {
        }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    PipeGuard(const PipeGuard&) = delete;
    PipeGuard& operator=(const PipeGuard&) = delete;

private:
    sigset_t m_pipe = {};
    sigset_t m_before = {};
};

bool isSum(const DownloadRequest& request, const std::string& sum)
{
    return sum.starts_with(request.sha256);
}

/// A file of an earlier try, which brought this one but not all that belongs to it.
bool isThere(const DownloadRequest& request, const std::stop_token& stop)
{
    std::error_code code;
    const auto size = fs::file_size(request.file, code);
    if (code || (request.sizeIsExact && static_cast<std::int64_t>(size) != request.size))
        return false;
    const auto sum = sha256OfFile(request.file, stop);
    return sum && isSum(request, *sum);
}

Status checkRoom(const DownloadRequest& request, const PartFile& part)
{
    std::error_code code;
    const auto folder = request.file.parent_path();
    const auto space = fs::space(folder, code);
    const auto needed = request.size - part.size();
    if (code || needed <= 0 || space.available >= static_cast<std::uintmax_t>(needed))
        return {};
    return failure(ErrorCode::FileSystem, request.file.filename().string() + " needs " + bytesText(needed) +
                                              ", but the disk of " + folder.string() + " has " +
                                              bytesText(static_cast<std::int64_t>(space.available)) +
                                              " left");
}

Result<std::string> nextAddress(const std::string& url, const std::string& address)
{
    const auto problem = urlProblem(address);
    const bool leavesSafety = url.starts_with("https://") && !address.starts_with("https://");
    if (problem.empty() && !leavesSafety)
        return address;
    return failure(ErrorCode::RunFailed, "cannot get " + url + ": it leads to another address, but " +
                                             (problem.empty() ? "not over https: " + address : problem));
}

Result<Outcome> receive(const DownloadRequest& request, PartFile& part, const DownloadObserver& observer,
                        const std::stop_token& stop)
{
    auto url = request.url;
    for (int requests = 0; requests < kMostRequests; ++requests) {
        Transfer transfer(request, part, observer);
        const auto end = transfer.run(url, stop);
        if (!end)
            return tl::unexpected(end.error());
        if (*end == Transfer::End::Stopped)
            return Outcome::Stopped;
        if (*end == Transfer::End::Done)
            return Outcome::Done;
        if (*end == Transfer::End::Redirect) {
            auto address = nextAddress(url, transfer.address());
            if (!address)
                return tl::unexpected(address.error());
            url = *address;
        } else if (const auto restarted = part.restart(); !restarted) {
            return tl::unexpected(restarted.error());
        }
    }
    return failure(ErrorCode::RunFailed, "cannot get " + request.url + ": it leads from address to address");
}

Status checkSum(const DownloadRequest& request, PartFile& part)
{
    const auto sum = part.sum();
    if (isSum(request, sum))
        return {};
    part.remove();
    return failure(ErrorCode::RunFailed,
                   "what " + request.url + " gave is not the file that the catalogue means: its SHA-256 is " +
                       sum + ", expected " + request.sha256 +
                       (request.sha256.size() < sum.size() ? "..." : "") + "; it was removed");
}

Result<Outcome> finish(const DownloadRequest& request, PartFile& part, const DownloadObserver& observer)
{
    if (part.size() == 0 || (request.sizeIsExact && part.size() != request.size))
        return failure(ErrorCode::RunFailed, "cannot get " + request.url + ": only " +
                                                 bytesText(part.size()) + " of " + bytesText(request.size) +
                                                 " came; the next try goes on from there");
    const auto done = checkSum(request, part).and_then([&part] { return part.commit(); });
    if (!done)
        return tl::unexpected(done.error());
    if (observer)
        observer({part.size(), part.size(), 0.0});
    return Outcome::Done;
}

} // namespace

Result<Outcome> download(const DownloadRequest& request, const DownloadObserver& observer,
                         const std::stop_token& stop)
{
    if (const auto problem = urlProblem(request.url); !problem.empty())
        return badInput(problem);
    if (isThere(request, stop))
        return Outcome::Done;
    if (stop.stop_requested())
        return Outcome::Stopped;
    if (const auto made = makeFolder(request.file.parent_path()); !made)
        return tl::unexpected(made.error());
    const auto part = PartFile::open(request.file, stop);
    if (!part)
        return tl::unexpected(part.error());
    if (!*part)
        return Outcome::Stopped;
    auto ready = (*part)->size() > mostBytes(request) ? (*part)->restart() : Status();
    ready = ready.and_then([&] { return checkRoom(request, **part); });
    if (!ready)
        return tl::unexpected(ready.error());
    const PipeGuard guard;
    const bool isWhole = request.sizeIsExact && (*part)->size() == request.size;
    const auto received = isWhole ? Result<Outcome>(Outcome::Done) : receive(request, **part, observer, stop);
    if (!received || *received == Outcome::Stopped)
        return received;
    return finish(request, **part, observer);
}

} // namespace frostline
