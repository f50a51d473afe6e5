#include "training/feature_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/file.h"

namespace frostline {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".features";

std::uint32_t checksumOf(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

class MemoryStore final : public FeatureStore {
public:
    /// The system gives pages when they are first written: a run that is stopped early holds little.
    MemoryStore(std::int64_t rows, std::int64_t rowBytes)
        : FeatureStore(rows, rowBytes),
          m_bytes(static_cast<std::byte*>(
              std::calloc(static_cast<std::size_t>(rows), static_cast<std::size_t>(rowBytes))))
    {
    }
    bool isThere() const { return m_bytes != nullptr; }
    bool isFile() const override { return false; }
    std::string name() const override { return "memory"; }
    bool isLost() const override { return false; }

protected:
    Status store(std::int64_t row, std::span<const std::byte> bytes) override
    {
        std::memcpy(place(row), bytes.data(), bytes.size());
        return {};
    }
    bool load(std::int64_t row, std::span<std::byte> bytes) override
    {
        std::memcpy(bytes.data(), place(row), bytes.size());
        return true;
    }

private:
    std::byte* place(std::int64_t row) const { return m_bytes.get() + row * rowBytes(); }

    struct Free {
        void operator()(std::byte* bytes) const { std::free(bytes); }
    };
    std::unique_ptr<std::byte, Free> m_bytes;
};

/// Rows read on a thread of its own, before they are asked for.
class ReadAhead {
public:
    using Reader = std::function<bool(std::int64_t row, std::span<std::byte> bytes)>;

    ReadAhead(Reader reader, std::size_t rowBytes)
        : m_reader(std::move(reader)),
          m_rowBytes(rowBytes),
          m_thread([this](const std::stop_token& stop) { work(stop); })
    {
    }
    void request(std::span<const std::int64_t> rows)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_isBusy)
                return; // It is about to be asked for what it reads now.
            m_rows.assign(rows.begin(), rows.end());
            m_isBusy = true;
        }
        m_changed.notify_all();
    }
    /// Copies a row that was read ahead; waits where it is being read. False where it was not asked for.
    bool take(std::int64_t row, std::span<std::byte> bytes)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_isBusy; });
        const auto found = std::ranges::find(m_rows, row);
        const auto index = static_cast<std::size_t>(found - m_rows.begin());
        if (found == m_rows.end() || !m_isRead[index])
            return false;
        std::memcpy(bytes.data(), m_buffer.data() + index * m_rowBytes, m_rowBytes);
        return true;
    }

private:
    void work(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        while (m_changed.wait(lock, stop, [this] { return m_isBusy; })) {
            lock.unlock();
            m_buffer.resize(m_rows.size() * m_rowBytes);
            m_isRead.assign(m_rows.size(), false);
            for (std::size_t i = 0; i < m_rows.size() && !stop.stop_requested(); ++i)
                m_isRead[i] = m_reader(m_rows[i], std::span(m_buffer).subspan(i * m_rowBytes, m_rowBytes));
            lock.lock();
            m_isBusy = false;
            m_changed.notify_all();
        }
    }

    Reader m_reader;
    std::size_t m_rowBytes;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_isBusy = false;
    std::vector<std::int64_t> m_rows; ///< These three belong to the thread while it is busy.
    std::vector<std::byte> m_buffer;
    std::vector<bool> m_isRead;
    std::jthread m_thread; ///< Last: everything else is there before it runs.
};

/// Read with read(), not through a mapping: a file that is cut short by somebody is then a row that is not
/// there, not a signal that ends the program.
class FileStore final : public FeatureStore {
public:
    FileStore(fs::path file, int descriptor, std::int64_t rows, std::int64_t rowBytes)
        : FeatureStore(rows, rowBytes),
          m_file(std::move(file)),
          m_descriptor(descriptor),
          m_checksums(static_cast<std::size_t>(rows)),
          m_ahead([this](std::int64_t row, std::span<std::byte> bytes) { return readRow(row, bytes); },
                  static_cast<std::size_t>(rowBytes))
    {
    }
    ~FileStore() override
    {
        if (!isLost())
            ::unlink(m_file.c_str());
    }
    bool isFile() const override { return true; }
    std::string name() const override { return m_file.string(); }
    bool isLost() const override
    {
        struct stat now {};
        return ::fstat(m_descriptor.number, &now) != 0 || now.st_nlink == 0;
    }
    void prefetch(std::span<const std::int64_t> rows) override
    {
        std::vector<std::int64_t> there;
        std::ranges::copy_if(rows, std::back_inserter(there), [this](std::int64_t row) { return has(row); });
        m_ahead.request(there);
    }

protected:
    Status store(std::int64_t row, std::span<const std::byte> bytes) override
    {
        const auto written = ::pwrite(m_descriptor.number, bytes.data(), bytes.size(), row * rowBytes());
        if (written != static_cast<ssize_t>(bytes.size()))
            return failure(ErrorCode::FileSystem, "cannot write " + m_file.string() + ": " +
                                                      (written < 0 ? systemMessage(errno) : "no room"));
        m_checksums[static_cast<std::size_t>(row)] = checksumOf(bytes);
        return {};
    }
    bool load(std::int64_t row, std::span<std::byte> bytes) override
    {
        const auto checksum = m_checksums[static_cast<std::size_t>(row)];
        return (m_ahead.take(row, bytes) && checksumOf(bytes) == checksum) ||
               (readRow(row, bytes) && checksumOf(bytes) == checksum);
    }

private:
    bool readRow(std::int64_t row, std::span<std::byte> bytes) const
    {
        return ::pread(m_descriptor.number, bytes.data(), bytes.size(), row * rowBytes()) ==
               static_cast<ssize_t>(bytes.size());
    }

    struct Descriptor {
        int number;
        explicit Descriptor(int own) : number(own) {}
        ~Descriptor() { ::close(number); }
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;
    };
    fs::path m_file;
    Descriptor m_descriptor;
    std::vector<std::uint32_t> m_checksums;
    ReadAhead m_ahead; ///< Last: its thread reads the others.
};

} // namespace

FeatureStore::FeatureStore(std::int64_t rows, std::int64_t rowBytes)
    : m_there(static_cast<std::size_t>(rows)),
      m_rowBytes(rowBytes)
{
}

Result<std::unique_ptr<FeatureStore>> FeatureStore::inMemory(std::int64_t rows, std::int64_t rowBytes)
{
    auto store = std::make_unique<MemoryStore>(rows, rowBytes);
    if (!store->isThere())
        return failure(ErrorCode::FileSystem, "there is no memory for features");
    return store;
}

Result<std::unique_ptr<FeatureStore>> FeatureStore::inFile(const fs::path& file, std::int64_t rows,
                                                           std::int64_t rowBytes)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return failure(ErrorCode::FileSystem, "cannot write " + file.string() + ": " + systemMessage(errno));
    // Locked while its process lives: what is found unlocked was left behind.
    ::flock(descriptor, LOCK_EX | LOCK_NB);
    auto store = std::make_unique<FileStore>(file, descriptor, rows, rowBytes);
    if (const int error = ::posix_fallocate(descriptor, 0, rows * rowBytes); error != 0)
        return failure(ErrorCode::FileSystem, "cannot write " + file.string() + ": " + systemMessage(error));
    return store;
}

Status FeatureStore::write(std::int64_t row, std::span<const std::byte> bytes)
{
    if (const auto stored = store(row, bytes); !stored)
        return stored;
    m_rowsThere += has(row) ? 0 : 1;
    m_there[static_cast<std::size_t>(row)] = true;
    return {};
}

bool FeatureStore::read(std::int64_t row, std::span<std::byte> bytes)
{
    if (!has(row))
        return false;
    if (load(row, bytes))
        return true;
    m_there[static_cast<std::size_t>(row)] = false;
    --m_rowsThere;
    return false;
}

void removeLeftFeatureFiles(const fs::path& folder)
{
    std::error_code code;
    for (fs::directory_iterator each(folder, code), end; !code && each != end; each.increment(code)) {
        if (each->path().extension() != kSuffix)
            continue;
        const int descriptor = ::open(each->path().c_str(), O_RDWR | O_CLOEXEC);
        if (descriptor < 0)
            continue;
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            ::unlink(each->path().c_str());
        ::close(descriptor);
    }
}

} // namespace frostline
