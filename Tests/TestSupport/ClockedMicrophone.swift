import Foundation

/// ALSA devices that behave like hardware, which PulseAudio's do not: one fixed format, rate and number of channels, a
/// buffer that overruns when it is not read in time, suspend, and disappearance.
///
/// They are a plugin for alsa-lib, compiled here with the toolchain's clang, so that all of alsa-lib's own code runs.
/// The sound is a raw file that advances by the monotonic clock from the first start, read or not, and is silent
/// afterwards: a loss can be measured to the frame.
public final class ClockedMicrophone: Sendable {
    /// One device, with its sound as raw interleaved frames of exactly this format.
    public struct Device: Sendable {
        public var name: String
        public var sound: Data
        /// ALSA's name, such as `S24_3LE`.
        public var format: String
        public var rate: Int
        public var channels: Int
        /// How much too fast its clock runs, in parts per million.
        public var fast: Int

        public init(name: String, sound: Data, format: String, rate: Int, channels: Int, fast: Int = 0) {
            self.name = name
            self.sound = sound
            self.format = format
            self.rate = rate
            self.channels = channels
            self.fast = fast
        }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let folder: URL

    public init(_ devices: [Device]) throws {
        folder = URL(fileURLWithPath: "/tmp/microphone-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var text = "pcm_type.clocked { lib \"\(folder.path)/clocked.so\" }\n"
        for device in devices {
            let path = folder.path + "/" + device.name
            try device.sound.write(to: URL(fileURLWithPath: path + ".raw"))
            text += """
                pcm.\(device.name) {
                    type clocked
                    sound "\(path).raw"
                    control "\(path)"
                    format \(device.format)
                    rate \(device.rate)
                    channels \(device.channels)
                    fast \(device.fast)
                }

                """
        }
        try text.write(to: folder.appendingPathComponent("asound.conf"), atomically: true, encoding: .utf8)
        let source = folder.appendingPathComponent("clocked.c")
        try clockedPlugin.write(to: source, atomically: true, encoding: .utf8)
        let log = folder.appendingPathComponent("log")
        // The Swift toolchain brings a clang.
        let compiler = try ChildProcess(
            [
                "clang", "-shared", "-fPIC", "-DPIC", "-O1", "-Wall", "-o", folder.path + "/clocked.so", source.path,
                "-lasound",
            ],
            output: log)
        guard compiler.waitForExit() == 0 else {
            throw Failure(description: "clang refuses the plugin: \(try String(contentsOf: log, encoding: .utf8))")
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The value for `ALSA_CONFIG_PATH`: alsa-lib's own configuration, then that of the devices.
    public var configurationPath: String { "/usr/share/alsa/alsa.conf:\(folder.path)/asound.conf" }

    /// The environment for child processes: this process's, with the devices in it.
    public var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging(["ALSA_CONFIG_PATH": configurationPath]) { $1 }
    }

    /// Makes the device busy, as if another program held it.
    public func occupy(_ name: String) throws { try Data().write(to: folder.appendingPathComponent(name + ".busy")) }

    /// Plugs the device in again; a program that opens it gets its sound from the start.
    public func putBack(_ name: String) throws {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name + ".gone"))
    }

    /// Unplugs the device until `putBack`.
    public func pullOut(_ name: String) throws { try Data().write(to: folder.appendingPathComponent(name + ".gone")) }

    /// Suspends the machine, once: the next access finds the device suspended.
    public func suspend(_ name: String) throws { try Data().write(to: folder.appendingPathComponent(name + ".asleep")) }

    /// Stalls the device: it runs and delivers nothing more, but wakes its reader on every poll, as sound servers do.
    public func stall(_ name: String) throws { try Data().write(to: folder.appendingPathComponent(name + ".dumb")) }

    /// How often the device was asked, after a `poll`, how many frames it has; known once it is closed.
    public func timesAsked(_ name: String) throws -> Int? {
        Int(try String(contentsOf: folder.appendingPathComponent(name + ".asked"), encoding: .utf8))
    }

    /// Ends the stall; it takes effect when the device is opened again.
    public func unstall(_ name: String) throws {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name + ".dumb"))
    }
}

private let clockedPlugin = #"""
    #include <alsa/asoundlib.h>
    #include <alsa/pcm_external.h>
    #include <sys/timerfd.h>
    #include <time.h>
    #include <unistd.h>

    typedef struct {
        snd_pcm_ioplug_t io;
        FILE *sound;
        char control[256];
        long fast;
        long long first, base;  /* nanoseconds of the very first start; frame of the sound at the latest start */
        long long fetched;      /* frames read since the latest start */
        long long frozen;       /* frames captured when it stalled, else -1 */
        long asked;             /* how often it was polled */
    } microphone;

    static long long now(void)
    {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000000000LL + t.tv_nsec;
    }

    static long long heard(microphone *m)  /* frames since the very first start */
    {
        long long us = (now() - m->first) / 1000;
        return (us + us / 1000 * m->fast / 1000) * m->io.rate / 1000000;
    }

    static int told(microphone *m, const char *what)
    {
        char path[300];
        snprintf(path, sizeof path, "%s.%s", m->control, what);
        return access(path, F_OK) == 0;
    }

    static int start(snd_pcm_ioplug_t *io)
    {
        microphone *m = io->private_data;
        long long period = (long long)io->period_size * 1000000000LL / io->rate;
        struct itimerspec every = { { 0, period }, { 0, period } };
        if (m->first == 0) m->first = now();
        m->base = heard(m);
        m->fetched = 0;
        m->frozen = told(m, "dumb") ? 0 : -1;
        return timerfd_settime(io->poll_fd, 0, &every, NULL);
    }

    static int stop(snd_pcm_ioplug_t *io)
    {
        struct itimerspec never = { { 0, 0 }, { 0, 0 } };
        return timerfd_settime(io->poll_fd, 0, &never, NULL);
    }

    static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io)
    {
        microphone *m = io->private_data;
        long long captured = heard(m) - m->base;
        char path[300];
        if (told(m, "gone")) {
            snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
            return 0;
        }
        if (told(m, "asleep")) {
            snprintf(path, sizeof path, "%s.asleep", m->control);
            unlink(path);
            snd_pcm_ioplug_set_state(io, SND_PCM_STATE_SUSPENDED);
            return 0;
        }
        if (told(m, "dumb")) {
            if (m->frozen < 0) m->frozen = captured;
            captured = m->frozen;
        }
        if (captured - m->fetched > (long long)io->buffer_size) return -EPIPE;
        return captured % io->buffer_size;
    }

    static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                      snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
    {
        microphone *m = io->private_data;
        size_t frame = areas[0].step / 8, got;
        char *to = (char *)areas[0].addr + areas[0].first / 8 + offset * frame;
        fseek(m->sound, (m->base + m->fetched) * frame, SEEK_SET);
        got = fread(to, frame, size, m->sound);
        memset(to + got * frame, 0, (size - got) * frame);
        m->fetched += size;
        return size;
    }

    static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned count, unsigned short *events)
    {
        microphone *m = io->private_data;
        unsigned long long ticks;
        m->asked++;
        *events = 0;
        if (m->frozen < 0) *events = count > 0 && read(io->poll_fd, &ticks, sizeof ticks) > 0 ? POLLIN : 0;
        return 0;
    }

    static int resume(snd_pcm_ioplug_t *io) { return -ENOSYS; }

    static int closed(snd_pcm_ioplug_t *io)
    {
        microphone *m = io->private_data;
        char path[300];
        snprintf(path, sizeof path, "%s.asked", m->control);
        FILE *asked = fopen(path, "w");
        if (asked) {
            fprintf(asked, "%ld", m->asked);
            fclose(asked);
        }
        close(io->poll_fd);
        fclose(m->sound);
        free(m);
        return 0;
    }

    static const snd_pcm_ioplug_callback_t callbacks = {
        .start = start, .stop = stop, .pointer = pointer, .transfer = transfer, .close = closed,
        .poll_revents = poll_revents, .resume = resume,
    };

    SND_PCM_PLUGIN_DEFINE_FUNC(clocked)
    {
        snd_config_iterator_t i, next;
        const char *sound = NULL, *control = NULL, *format = NULL;
        long rate = 0, channels = 0, fast = 0;
        unsigned access[] = { SND_PCM_ACCESS_RW_INTERLEAVED }, formats[1];
        snd_config_for_each(i, next, conf) {
            snd_config_t *n = snd_config_iterator_entry(i);
            const char *id;
            if (snd_config_get_id(n, &id) < 0) continue;
            if (!strcmp(id, "sound")) snd_config_get_string(n, &sound);
            if (!strcmp(id, "control")) snd_config_get_string(n, &control);
            if (!strcmp(id, "format")) snd_config_get_string(n, &format);
            if (!strcmp(id, "rate")) snd_config_get_integer(n, &rate);
            if (!strcmp(id, "fast")) snd_config_get_integer(n, &fast);
            if (!strcmp(id, "channels")) snd_config_get_integer(n, &channels);
        }
        if (stream != SND_PCM_STREAM_CAPTURE || !sound || !control || !format) return -EINVAL;
        microphone *m = calloc(1, sizeof *m);
        snprintf(m->control, sizeof m->control, "%s", control);
        m->fast = fast;
        if (told(m, "gone")) { free(m); return -ENODEV; }
        if (told(m, "busy")) { free(m); return -EBUSY; }
        m->sound = fopen(sound, "rb");
        setvbuf(m->sound, NULL, _IONBF, 0);  /* no memory of its own at the first read */
        m->frozen = -1;
        m->io.version = SND_PCM_IOPLUG_VERSION;
        m->io.name = "microphone with a clock";
        m->io.callback = &callbacks;
        m->io.private_data = m;
        m->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        m->io.poll_events = POLLIN;
        int code = snd_pcm_ioplug_create(&m->io, name, stream, mode);
        if (code < 0) return code;
        formats[0] = snd_pcm_format_value(format);
        unsigned frame = snd_pcm_format_physical_width(formats[0]) / 8 * channels;
        snd_pcm_ioplug_set_param_list(&m->io, SND_PCM_IOPLUG_HW_ACCESS, 1, access);
        snd_pcm_ioplug_set_param_list(&m->io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
        snd_pcm_ioplug_set_param_minmax(&m->io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
        snd_pcm_ioplug_set_param_minmax(&m->io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
        snd_pcm_ioplug_set_param_minmax(&m->io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, frame * 64, frame * rate / 4);
        snd_pcm_ioplug_set_param_minmax(&m->io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, frame * 256, frame * rate);
        *pcmp = m->io.pcm;
        return 0;
    }
    SND_PCM_PLUGIN_SYMBOL(clocked);
    """#
