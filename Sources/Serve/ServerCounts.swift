/// The connections of the server at this moment, and what it has refused so far.
struct ServerCounts {
    /// Connections that have not been answered yet.
    var open = 0
    /// Clients that read events.
    var streams = 0
    /// Clients that were dropped because they did not read.
    var slow = 0
    /// Requests and connections that were refused.
    var refused = 0

    /// Lets a client read events, if there is room for one.
    mutating func enter() -> Bool {
        guard streams < Connection.mostStreams else { return false }
        streams += 1
        return true
    }

    func write(to text: inout PrometheusText) {
        text.metric("emoscope_serve_clients", "gauge", "Clients that read events now.")
        text.sample("emoscope_serve_clients", [:], Double(streams))
        text.metric(
            "emoscope_serve_slow_clients_total", "counter", "Clients that were dropped because they did not read.")
        text.sample("emoscope_serve_slow_clients_total", [:], Double(slow))
        text.metric("emoscope_serve_refused_total", "counter", "Requests and connections that were refused.")
        text.sample("emoscope_serve_refused_total", [:], Double(refused))
    }
}
