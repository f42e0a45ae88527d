import Capture
import Stream

/// Turns what a source counts into rows: each new loss is reported to the session once.
struct LossReporter {
    private var known = SourceStatus()

    mutating func report(_ status: SourceStatus, to session: Session) {
        let overrun = status.samplesLostToOverruns - known.samplesLostToOverruns
        if status.overruns > known.overruns {
            session.reportLoss(seconds: AudioFormat.seconds(overrun), note: "the device's buffer ran over")
        }
        let refused = status.samplesRefused - known.samplesRefused
        if refused > 0 {
            session.reportLoss(seconds: AudioFormat.seconds(refused), note: "the ring was full")
        }
        known = status
    }
}
