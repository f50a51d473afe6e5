#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "fetch/download.h"
#include "fetch/part_file.h"

namespace frostline {

/// One request to one server, whose answer's body goes to the end of a part. Internal to core/fetch.
class Transfer {
public:
    enum class End {
        Done, ///< All that the server has is there.
        Stopped,
        Redirect, ///< To address().
        Restart,  ///< The server cannot go on where the part ends.
    };

    Transfer(const DownloadRequest& request, PartFile& part, const DownloadObserver& observer);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    Result<End> run(const std::string& url, const std::stop_token& stop);
    const std::string& address() const { return m_address; }

private:
    static std::size_t onBody(char* bytes, std::size_t size, std::size_t count, void* transfer);
    std::size_t takeBody(std::string_view bytes);
    void prepare(const std::string& url);
    CURLcode drive(const std::stop_token& stop);
    Result<End> judge(CURLcode code);
    Status beginBody();
    Status checkRange();
    Status checkTotal(std::int64_t total) const;
    void tell();
    std::string header(const char* name) const;
    long status() const;
    std::string reasonOf(CURLcode code) const;
    Error broken(const std::string& reason) const;

    const DownloadRequest& m_request;
    PartFile& m_part;
    const DownloadObserver& m_observer;
    CURL* m_easy;
    CURLM* m_multi;
    curl_slist* m_headers = nullptr;
    std::string m_url;
    std::string m_address;
    char m_words[CURL_ERROR_SIZE] = {};
    Status m_trouble;
    bool m_hasBody = false;
    std::int64_t m_ignored = 0;
    std::int64_t m_first = 0; ///< Bytes that were there when the request began.
    struct Clock;
    std::unique_ptr<Clock> m_clock;
};

/// The most bytes that can be the file.
std::int64_t mostBytes(const DownloadRequest& request);
/// "46,830,571 bytes", the same for all readers.
std::string bytesText(std::int64_t bytes);

} // namespace frostline
