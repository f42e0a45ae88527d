import Testing

/// All tests that use ALSA in this process, one after the other: which devices there are is set in the environment.
@Suite(.serialized) struct DeviceTests {}
