import Testing

/// All tests that use ALSA in this process, one after the other, because the environment sets which devices there are.
@Suite(.serialized) struct DeviceTests {}
