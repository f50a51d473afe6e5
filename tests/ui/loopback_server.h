#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace frostline::test {

/// Serves one file over HTTP from this machine: whole, from where it is asked, or half of it and then nothing
/// until release().
class LoopbackServer {
public:
    explicit LoopbackServer(std::string content) : m_content(std::move(content))
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(m_listener, 8);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~LoopbackServer()
    {
        release();
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }

    std::string url(const std::string& name) const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + "/" + name;
    }
    void setHalf(bool isHalf) { m_isHalf = isHalf; }
    void setMissing(bool isMissing) { m_isMissing = isMissing; }
    void release()
    {
        const std::lock_guard guard(m_mutex);
        m_isReleased = true;
        m_released.notify_all();
    }
    std::string lastRequest()
    {
        const std::lock_guard guard(m_mutex);
        return m_request;
    }

private:
    void serve()
    {
        for (;;) {
            const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                return;
            answer(client);
            ::close(client);
        }
    }

    static std::string read(int client)
    {
        std::string request;
        char block[4096];
        while (request.find("\r\n\r\n") == std::string::npos) {
            const auto count = ::recv(client, block, sizeof block, 0);
            if (count <= 0)
                break;
            request.append(block, static_cast<std::size_t>(count));
        }
        return request;
    }

    static void send(int client, const std::string& text)
    {
        for (std::size_t sent = 0; sent < text.size();) {
            const auto count = ::send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (count <= 0)
                return;
            sent += static_cast<std::size_t>(count);
        }
    }

    void answer(int client)
    {
        const auto request = read(client);
        {
            const std::lock_guard guard(m_mutex);
            m_request = request;
        }
        if (m_isMissing) {
            send(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
        const std::string range = "Range: bytes=";
        const auto found = request.find(range);
        const auto first = found == std::string::npos ? 0 : std::stoul(request.substr(found + range.size()));
        const auto size = std::to_string(m_content.size());
        std::string head = first ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " +
                                       std::to_string(first) + "-" + std::to_string(m_content.size() - 1) +
                                       "/" + size + "\r\n"
                                 : "HTTP/1.1 200 OK\r\n";
        head +=
            "Connection: close\r\nContent-Length: " + std::to_string(m_content.size() - first) + "\r\n\r\n";
        const auto rest = m_content.substr(first);
        send(client, head + (m_isHalf ? rest.substr(0, rest.size() / 2) : rest));
        if (!m_isHalf)
            return;
        std::unique_lock lock(m_mutex);
        m_released.wait(lock, [this] { return m_isReleased; });
    }

    std::string m_content;
    int m_listener = -1;
    unsigned m_port = 0;
    std::atomic<bool> m_isHalf = false;
    std::atomic<bool> m_isMissing = false;
    std::mutex m_mutex;
    std::condition_variable m_released;
    bool m_isReleased = false;
    std::string m_request;
    std::thread m_thread;
};

} // namespace frostline::test
