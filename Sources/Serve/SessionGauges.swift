/// What the rows of a session do not say of its state.
package struct SessionGauges: Equatable, Sendable {
    /// Seconds of the stream so far.
    package var streamTime = 0.0
    /// Seconds of sound that wait in the ring.
    package var waiting = 0.0
    /// Number of times that the microphone's buffer overran.
    package var overruns = 0
    /// Whether the source delivers: false while a microphone is away.
    package var isConnected = true

    package init() {}
}
