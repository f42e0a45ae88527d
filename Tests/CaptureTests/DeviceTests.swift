import Testing

/// All that talks to ALSA in this process: one after the other, since the room they talk to is set in the environment.
@Suite(.serialized) struct DeviceTests {}
