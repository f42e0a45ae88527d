"""The runtimes that peers.py times. Each is set up for a number of threads, and then called for turns.

A turn computes some warm-up windows and then `windows` timed ones, and returns (milliseconds of each timed window,
logits).
"""
import json
import subprocess
import time

import onnxruntime
import openvino
import torch

WARM_UP = 2         # windows, as in `emoscope bench`

onnxruntime.set_default_logger_severity(3)


class Emoscope:
    """Runs one process of emoscope for each turn. A turn's times exclude the front ends; `whole` collects the times
    that include them. `kernels` are those of the last turn, `macs` its multiply-accumulates after the front ends, and
    `peak` the best rate of any turn, in billions a second."""

    version = ""

    def __init__(self, program, network, precision):
        self.program, self.network, self.precision = program, network, precision
        self.name = f"emoscope {precision}"
        self.whole = []

    def set_up(self, threads):
        self.threads, self.whole, self.peak = threads, [], 0

    def turn(self, windows):
        command = [self.program, "bench", "--json", "--no-products", "--runs", str(windows), "--threads", str(self.threads),
                   "--precision", self.precision, "--weights", str(self.network.weights)]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        self.whole += figures["window_ms"]["all"]
        self.kernels, self.peak = figures["kernels"], max(self.peak, figures["peak_gmac_per_s"])
        self.macs = 1e6 * sum(s["mmac"] for s in figures["stages"] if s["name"] != "front ends")
        return figures["network_ms"]["all"], [figures["logits"][label] for label in self.network.labels]


class Peer:
    """A runtime in this process. `call`, a method or set by a subclass's `set_up`, computes a window."""

    def turn(self, windows):
        for _ in range(WARM_UP):
            logits = self.call()
        times = []
        for _ in range(windows):
            start = time.perf_counter()
            self.call()
            times.append((time.perf_counter() - start) * 1e3)
        return times, [float(x) for x in logits[0]]


class PyTorch(Peer):
    precision = "fp32"
    version = torch.__version__.split("+")[0]

    def __init__(self, network):
        self.name = f"PyTorch {self.version} fp32"
        self.model, self.inputs = network.model, tuple(network.inputs.values())

    def set_up(self, threads):
        torch.set_num_threads(threads)

    def call(self):
        with torch.inference_mode():
            return self.model(*self.inputs)


class ONNXRuntime(Peer):
    version = onnxruntime.__version__

    def __init__(self, network, file, precision, kind):
        self.name = f"ONNX Runtime {self.version} {kind}"
        self.file, self.precision, self.feed = file, precision, network.arrays()

    def set_up(self, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(self.file, options, providers=["CPUExecutionProvider"])
        self.call = lambda: session.run(None, self.feed)[0]


class OpenVINO(Peer):
    version = openvino.__version__.split("-")[0]

    def __init__(self, network, file, precision, kind):
        self.name = f"OpenVINO {self.version} {kind}"
        self.file, self.precision, self.feed = file, precision, network.arrays()

    def set_up(self, threads):
        request = openvino.Core().compile_model(self.file, "CPU", {
            "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY",
        }).create_infer_request()
        self.call = lambda: request.infer(self.feed)[0]


def peers(network, files):
    return [
        PyTorch(network),
        ONNXRuntime(network, files["fp32"], "fp32", "fp32"),
        OpenVINO(network, files["plain"], "fp32", "fp32"),
        ONNXRuntime(network, files["dynamic"], "int8", "int8, dynamic"),
        OpenVINO(network, files["static"], "int8", "int8, static"),
    ]
