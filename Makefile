# make run      install, build, and replay the bundled conversation on the dashboard
# make watch    the same with your microphone
# make test     install, build, and pass the tests (TRAINING=no leaves out the training's, which install PyTorch)
# make check    everything that has to hold before an issue is done: make test, fuzz, parity, docs, and ThreadSanitizer over all sessions
# make tsan     ThreadSanitizer over the stream, the microphone and the program's sessions (half an hour)
# make docs     the library's documentation with DocC, a warning is an error
# make fuzz     put a million hostile files to every reader (minutes)
# make soak     24 hours of speech replayed, and an hour live under load (HOURS=, SECONDS= for other lengths)
# make parity   hold the full-size networks against PyTorch (minutes, installs Python packages)
# make peers    time PyTorch, ONNX Runtime and OpenVINO beside us on the same networks (a quarter of an hour, installs Python packages;
#               ROUNDS=, ARGS=)
# make benchmarks   time the kernels, the ring and a window, and count what they allocate
# make frames   record the dashboard's golden frames anew (review the difference)
# make picture  make the README's picture of the dashboard anew
# make format   bring the Swift sources into shape

EMOSCOPE = .build/release/emoscope

.PHONY: run watch build test check tsan docs examples fuzz soak parity peers benchmarks frames picture format

run: build
	@$(EMOSCOPE) replay Samples/conversation.flac

watch: build
	@$(EMOSCOPE) watch

build:
	@scripts/setup
	swift build -c release --product emoscope

TRAINING = yes

# The numerics would take thirty times as long without optimisation, and the manifest may not ask for it: SwiftPM refuses unsafe
# flags in a package that others depend on by version.
OPTIMISED = -Xswiftc -O -Xcc -O3

# A race ends the run. The C code is not instrumented: its functions that choose between clones run before ThreadSanitizer is up.
TSAN = TSAN_OPTIONS=halt_on_error=1 swift test --sanitize thread --scratch-path .build/tsan --no-parallel $(OPTIMISED) \
	-Xcc -fno-sanitize=thread -Xcc -DSANITIZED

test:
	@scripts/setup test
ifeq ($(TRAINING),no)
	@echo "Skipped: the tests of the training (TRAINING=no)."
else
	Weights/training/quick
endif
	scripts/module-map
	scripts/kernel-bounds
	swift build --build-tests $(OPTIMISED)
	swift test --skip-build --no-parallel $(OPTIMISED)
	$(TSAN) --filter 'SampleRingTests|SessionTests|MicrophoneTests.recovers'
	scripts/examples
	scripts/stranger

# What is too long for make test. Its ThreadSanitizer run holds all tests of make test's.
check: test tsan fuzz parity docs

# A crash is left out: the sanitizer handles its signals itself.
tsan:
	@scripts/setup test
	$(TSAN) --filter 'StreamTests|LiveTests|CaptureTests.MicrophoneTests|EmoscopeTests.(Record|Replay|Saving|Split|Ending|SessionFault)' \
		--skip aCrashRestoresTheTerminal

docs:
	@scripts/setup
	scripts/docs

examples:
	@scripts/setup
	scripts/examples

HOURS = 24
SECONDS = 3600

soak:
	@scripts/setup test
	swift build --build-tests $(OPTIMISED)
	EMOSCOPE_SOAK_HOURS=$(HOURS) EMOSCOPE_SOAK_LIVE_SECONDS=$(SECONDS) \
		swift test --skip-build --no-parallel $(OPTIMISED) --filter SoakTests

fuzz:
	@scripts/setup test
	swift build --product Fuzz $(OPTIMISED)
	.build/debug/Fuzz --cases 1000000

parity:
	@scripts/setup parity
	scripts/parity

ROUNDS = 7

peers:
	@scripts/setup peers
	scripts/peers --rounds $(ROUNDS) $(ARGS)

benchmarks:
	@scripts/setup
	swift run -c release Benchmarks

frames:
	swift build --build-tests $(OPTIMISED)
	EMOSCOPE_RECORD_FRAMES=yes swift test --skip-build $(OPTIMISED) --filter GoldenFrameTests

picture: build
	@scripts/setup test
	scripts/picture

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks Examples
