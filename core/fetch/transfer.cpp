#include "fetch/transfer.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include "base/pace.h"
#include "fetch/catalog.h"

namespace frostline {

namespace {

constexpr long kConnectSeconds = 20;
constexpr int kPollMilliseconds = 100;
constexpr std::int64_t kMostIgnored = 1 << 20;

/// libcurl wants to be woken before its first handle, once for the program.
void startCurl()
{
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(started);
}

std::string statusText(long status)
{
    const auto code = std::to_string(status);
    if (status == 404 || status == 410)
        return "the server has no such file (" + code + ")";
    if (status == 401 || status == 403)
        return "the server does not give it out (" + code + ")";
    if (status == 429 || status >= 500)
        return "the server cannot answer now (" + code + "); try again later";
    return "the server answers " + code;
}

} // namespace

struct Transfer::Clock {
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    Pace pace;
};

std::int64_t mostBytes(const DownloadRequest& request)
{
    constexpr std::int64_t kSlack = 1 << 16;
    return request.sizeIsExact ? request.size : request.size + request.size / 50 + kSlack;
}

std::string bytesText(std::int64_t bytes)
{
    auto text = std::to_string(bytes);
    for (auto place = static_cast<std::int64_t>(text.size()) - 3; place > 0; place -= 3)
        text.insert(static_cast<std::size_t>(place), ",");
    return text + " bytes";
}

Transfer::Transfer(const DownloadRequest& request, PartFile& part, const DownloadObserver& observer)
    : m_request(request),
      m_part(part),
      m_observer(observer),
      m_easy((startCurl(), curl_easy_init())),
      m_multi(curl_multi_init()),
      m_clock(std::make_unique<Clock>())
{
}

Transfer::~Transfer()
{
    curl_multi_remove_handle(m_multi, m_easy);
    curl_easy_cleanup(m_easy);
    curl_multi_cleanup(m_multi);
    curl_slist_free_all(m_headers);
}

Result<Transfer::End> Transfer::run(const std::string& url, const std::stop_token& stop)
{
    m_url = url;
    m_first = m_part.size();
    if (!m_easy || !m_multi)
        return tl::unexpected(broken("libcurl has no memory"));
    prepare(url);
    curl_multi_add_handle(m_multi, m_easy);
    const auto code = drive(stop);
    if (stop.stop_requested())
        return End::Stopped;
    return judge(code);
}

void Transfer::prepare(const std::string& url)
{
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(m_easy, option, value); };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, isLoopback(url) ? "http,https" : "https");
    // Redirects come back to us: each address is judged before it is asked.
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(m_request.stallSeconds));
    set(CURLOPT_USERAGENT, "frostline");
    set(CURLOPT_ERRORBUFFER, m_words);
    set(CURLOPT_WRITEFUNCTION, &Transfer::onBody);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    if (isLoopback(url))
        set(CURLOPT_PROXY, "");
    if (m_first == 0)
        return;
    // Not RESUME_FROM, which takes a server without ranges for an error.
    set(CURLOPT_RANGE, (std::to_string(m_first) + "-").c_str());
    if (!m_part.tag().empty()) {
        m_headers = curl_slist_append(m_headers, ("If-Range: " + m_part.tag()).c_str());
        set(CURLOPT_HTTPHEADER, m_headers);
    }
}

CURLcode Transfer::drive(const std::stop_token& stop)
{
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(m_multi); });
    int running = 1;
    while (running > 0 && !stop.stop_requested()) {
        if (curl_multi_perform(m_multi, &running) != CURLM_OK)
            return CURLE_FAILED_INIT;
        tell();
        if (running > 0)
            curl_multi_poll(m_multi, nullptr, 0, kPollMilliseconds, nullptr);
    }
    int waiting = 0;
    const auto* message = curl_multi_info_read(m_multi, &waiting);
    return message ? message->data.result : CURLE_ABORTED_BY_CALLBACK;
}

void Transfer::tell()
{
    if (!m_observer || !m_clock->pace.allows(std::chrono::milliseconds(kPollMilliseconds)))
        return;
    const auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_clock->started);
    const auto come = static_cast<double>(m_part.size() - m_first);
    const auto left = static_cast<double>(std::max<std::int64_t>(m_request.size - m_part.size(), 0));
    m_observer({m_part.size(), m_request.size, come > 0 ? left * elapsed.count() / come : -1.0});
}

std::size_t Transfer::onBody(char* bytes, std::size_t size, std::size_t count, void* transfer)
{
    return static_cast<Transfer*>(transfer)->takeBody({bytes, size * count});
}

/// Anything but the count of bytes ends the transfer.
std::size_t Transfer::takeBody(std::string_view bytes)
{
    const auto code = status();
    if (code != 200 && code != 206) {
        m_ignored += static_cast<std::int64_t>(bytes.size());
        return m_ignored > kMostIgnored ? 0 : bytes.size();
    }
    if (!m_hasBody) {
        m_hasBody = true;
        m_trouble = beginBody();
    }
    const auto count = static_cast<std::int64_t>(bytes.size());
    if (m_trouble && m_part.size() + count > mostBytes(m_request))
        m_trouble = tl::unexpected(
            broken("it is longer than the " + bytesText(m_request.size) + " that the catalogue says"));
    if (m_trouble)
        m_trouble = m_part.append(bytes);
    return m_trouble ? bytes.size() : 0;
}

Status Transfer::beginBody()
{
    if (status() == 206)
        return checkRange();
    // The whole file comes: the server knows no ranges, or what it has is another file by now. Or a page
    // about what is wrong with the server, for which nothing is thrown away.
    curl_off_t length = -1;
    curl_easy_getinfo(m_easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length >= 0) {
        if (auto fits = checkTotal(length); !fits)
            return fits;
    }
    if (m_part.size() > 0) {
        if (auto restarted = m_part.restart(); !restarted)
            return restarted;
        m_first = 0;
    }
    // A weak tag is no proof of equal bytes.
    const auto tag = header("ETag");
    m_part.setTag(tag.starts_with("W/") ? std::string() : tag);
    return {};
}

/// `Content-Range: bytes 1000-4999/5000`
Status Transfer::checkRange()
{
    const auto range = header("Content-Range");
    std::int64_t first = -1;
    std::int64_t total = -1;
    const std::string_view unit = "bytes ";
    if (range.starts_with(unit))
        std::from_chars(range.data() + unit.size(), range.data() + range.size(), first);
    if (const auto slash = range.find('/'); slash != std::string::npos)
        std::from_chars(range.data() + slash + 1, range.data() + range.size(), total);
    if (first != m_first)
        return tl::unexpected(broken("the server sends another part of it than was asked for"));
    return total < 0 ? Status() : checkTotal(total);
}

Status Transfer::checkTotal(std::int64_t total) const
{
    const bool fits = m_request.sizeIsExact ? total == m_request.size : total <= mostBytes(m_request);
    if (fits)
        return {};
    return tl::unexpected(
        broken("it has " + bytesText(total) + " there, the catalogue says " + bytesText(m_request.size)));
}

Result<Transfer::End> Transfer::judge(CURLcode code)
{
    if (!m_trouble)
        return tl::unexpected(m_trouble.error());
    const auto answer = status();
    if (answer == 416 && m_first > 0)
        return End::Restart;
    if (answer >= 300 && answer < 400) {
        const char* address = nullptr;
        curl_easy_getinfo(m_easy, CURLINFO_REDIRECT_URL, &address);
        m_address = address ? address : "";
        if (!m_address.empty())
            return End::Redirect;
    }
    if (answer != 0 && answer != 200 && answer != 206)
        return tl::unexpected(broken(statusText(answer)));
    if (code != CURLE_OK)
        return tl::unexpected(broken(reasonOf(code)));
    return End::Done;
}

std::string Transfer::header(const char* name) const
{
    curl_header* found = nullptr;
    if (curl_easy_header(m_easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK)
        return {};
    return found->value;
}

long Transfer::status() const
{
    long code = 0;
    curl_easy_getinfo(m_easy, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

std::string Transfer::reasonOf(CURLcode code) const
{
    const auto host = hostOf(m_url);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "the name " + host + " is not found; is this machine online?";
    case CURLE_COULDNT_CONNECT:
        return host + " is not reached, or refuses the connection";
    case CURLE_OPERATION_TIMEDOUT:
        return m_hasBody
                   ? "nothing has come for " + std::to_string(m_request.stallSeconds) + " seconds, after " +
                         bytesText(m_part.size()) + "; the next try goes on from there"
                   : host + " does not answer";
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return "the connection broke after " + bytesText(m_part.size()) + " of " + bytesText(m_request.size) +
               "; the next try goes on from there";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return host + " does not prove that it is " + host + " (" +
               (m_words[0] ? m_words : curl_easy_strerror(code)) + ")";
    default:
        return m_words[0] ? m_words : curl_easy_strerror(code);
    }
}

Error Transfer::broken(const std::string& reason) const
{
    return {ErrorCode::RunFailed, "cannot get " + m_url + ": " + reason};
}

} // namespace frostline
