#!/usr/bin/env python3
"""Measures live sessions: `emoscope watch` on a microphone with speech, with a log, on a terminal of 120 × 36.

    Benchmarks/session.py [--hops 1 0.5 0.25 0.1] [--seconds 120] [--weights FILE] [--precision fp32|int8|auto]

The microphone is the monitor of a loudspeaker of a private PulseAudio server, which plays the bundled conversation in a
loop. The table has a row for each hop, measured in one session:

  processor    user and system time of the process from the 6th second on, in per cent of one core
  first frame  from the start of the program to the first full picture, ms
  first row    from the start to the first row in the log, s
  memory       greatest resident size, MB
  not mapped   resident size at the end without memory mapped from files, MB

The last two rows use the last hop: a session with two speakers, one on each channel (`--split-channels`), who both
speak all the time; and a session with silence only.
"""
import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


class Room:
    """A PulseAudio server with one stereo loudspeaker, heard as ALSA's device `room`."""

    def __init__(self, folder, sound):
        self.folder, self.sound = folder, sound
        socket = folder / "native"
        (folder / "asound.conf").write_text(
            f'pcm.room {{ type pulse server "unix:{socket}" device "room.monitor" }}\n')
        self.environment = dict(
            os.environ, PULSE_SERVER=f"unix:{socket}", XDG_RUNTIME_DIR=str(folder), HOME=str(folder),
            ALSA_CONFIG_PATH=f"/usr/share/alsa/alsa.conf:{folder}/asound.conf", TERM="xterm-256color")
        quiet = {"env": self.environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-L",
             f"module-native-protocol-unix auth-anonymous=1 socket={socket}", "-L",
             "module-null-sink sink_name=room rate=16000 channels=2"], **quiet)
        while subprocess.run(["pactl", "info"], **quiet).returncode != 0:
            time.sleep(0.1)
        # Without a listener, PulseAudio runs a null sink in steps of two seconds, for which the next listener would
        # wait.
        self.listener = subprocess.Popen(["parec", "--latency-msec=20", "--device=room.monitor", "/dev/null"], **quiet)
        self.player = subprocess.Popen(
            ["sh", "-c", 'while paplay --device=room "$1"; do :; done', "sh", str(sound)], start_new_session=True, **quiet)

    def fall_silent(self):
        os.killpg(self.player.pid, signal.SIGKILL)
        self.player.wait()

    def close(self):
        if self.player.poll() is None:
            self.fall_silent()
        self.listener.kill()
        self.listener.wait()
        self.server.terminate()
        self.server.wait()


def used(process):
    """Seconds of processor time that a process has used, in all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(process):
    """Memory of a process in MB: (greatest resident size, current resident size without memory mapped from files)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmHWM", "RssAnon"))}
    return sizes["VmHWM"], sizes["RssAnon"]


def session(room, options, hop, channels):
    log = room.folder / "log.csv"
    log.unlink(missing_ok=True)
    log.with_suffix(".json").unlink(missing_ok=True)
    command = [options.emoscope, "watch", "-D", "room", "--hop", str(hop), "-o", str(log), "--precision", options.precision]
    command += ["--weights", options.weights] if options.weights else []
    command += ["--split-channels"] if channels > 1 else []
    start = time.monotonic()
    process, terminal = pty.fork()
    if process == 0:
        os.execve(options.emoscope, command, room.environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    frame = score = begin = None
    seen, end = b"", start + options.seconds
    while (now := time.monotonic()) < end:
        if select.select([terminal], [], [], 0.02)[0]:
            drawn = os.read(terminal, 1 << 16)
            seen += drawn if frame is None else b""
            # The last line of a full picture lists the keys.
            if frame is None and b"quit" in seen:
                frame = (time.monotonic() - start) * 1e3
        if score is None and log.exists() and log.read_bytes().count(b"\n") > 1:
            score = time.monotonic() - start
        if begin is None and now > start + 6:
            begin = now, used(process)
    share = 100 * (used(process) - begin[1]) / (time.monotonic() - begin[0])
    most, anonymous = memory(process)
    os.kill(process, signal.SIGTERM)
    while True:
        try:
            if not os.read(terminal, 1 << 16):
                break
        except OSError:
            break
    os.waitpid(process, 0)
    os.close(terminal)
    return share, frame, score, most, anonymous


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hops", type=float, nargs="+", default=[1, 0.5, 0.25, 0.1])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--weights")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--emoscope", default=str(ROOT / ".build/release/emoscope"))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="session-"))
    room = Room(folder, ROOT / "Samples/conversation.flac")
    print("| hop, s | processor, % of a core | first frame, ms | first row, s | memory, MB | not mapped, MB |")
    print("|--:|--:|--:|--:|--:|--:|")
    try:
        last = options.hops[-1]
        for hop, channels, silent in [(hop, 1, False) for hop in options.hops] + [(last, 2, False), (last, 1, True)]:
            if silent:
                room.fall_silent()
            note = ", silence" if silent else ", two speakers" if channels > 1 else ""
            share, frame, score, most, anonymous = session(room, options, hop, channels)
            first = "–" if score is None else f"{score:.2f}"
            print(f"| {hop}{note} | {share:.1f} | {frame:.0f} | {first} | {most:.0f} | {anonymous:.0f} |",
                  flush=True)
    finally:
        room.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
