# make run      install, build, and replay the bundled conversation on the dashboard
# make watch    the same with your microphone
# make install  build emoscope so that it needs no Swift, and install it (PREFIX=/usr/local, DESTDIR=; uses sudo where needed)
# make uninstall    remove what make install made
# make deb      make a Debian package of it
# make deb-test try the package in a clean Debian 12 (as root; minutes)
# make install-test  try make install and make uninstall in a folder of its own
# make notebook run the notebook of Examples (installs Python packages)
# make test     install, build, and run the tests (TRAINING=no leaves out those of the training, which install PyTorch)
# make check    run everything that has to pass before a change is done: make test, tsan, fuzz, parity, serve-check, round-trips,
#               docs, install-test, deb-test and notebook
# make tsan     run ThreadSanitizer over the stream, the microphone and the program's sessions (half an hour)
# make docs     build the documentation of the libraries with DocC; a warning is an error
# make fuzz     give a million hostile files to the readers (minutes)
# make soak     replay 24 hours of speech, and run an hour live under load (HOURS=, SECONDS= for other lengths)
# make parity   compare the full-size networks with PyTorch (minutes, installs Python packages)
# make serve-check   compare the page of --serve in Chromium with the log (two minutes, installs Chromium and a Python package)
# make round-trips  read exports with Praat, pympi and pandas, and reports with Chromium (installs them)
# make peers    time emoscope, PyTorch, ONNX Runtime and OpenVINO on the same networks, and write this processor's tables
#               into docs/performance.md (a quarter of an hour, installs Python packages; ROUNDS=, ARGS=)
# make benchmarks   time the kernels, the ring and a window, and count their allocations
# make frames   record the golden frames of the dashboard (review the difference)
# make picture  record the README's picture of the dashboard
# make format   format the Swift sources

EMOSCOPE = .build/release/emoscope

# The commit that --version of an installed program names; a tree without git has none. Other builds are not told, because each
# commit would compile the program's own module again.
install install-test deb deb-test: export EMOSCOPE_COMMIT := $(shell git ls-files --error-unmatch Makefile >/dev/null 2>&1 \
	&& git describe --always --dirty --abbrev=12 --exclude='*')

.PHONY: run watch build install uninstall install-test deb deb-test notebook test check tsan docs examples fuzz soak parity serve-check round-trips peers \
	benchmarks frames picture format

run: build
	@$(EMOSCOPE) replay Samples/conversation.flac

watch: build
	@$(EMOSCOPE) watch

build:
	@scripts/setup
	swift build -c release --product emoscope

PREFIX = /usr/local
DESTDIR =

install:
	@scripts/setup install
	scripts/stage $(PREFIX)
	scripts/install $(PREFIX) $(DESTDIR)

uninstall:
	scripts/install --remove $(PREFIX) $(DESTDIR)

install-test:
	@scripts/setup install
	scripts/stage $(PREFIX)
	scripts/install-test

deb:
	@scripts/setup deb
	scripts/deb

deb-test:
	@scripts/setup deb
	scripts/deb-test $$(scripts/deb)

notebook: build
	@scripts/setup test
	scripts/notebook

TRAINING = yes

# Without optimisation the numerics take thirty times as long. The manifest cannot set it: SwiftPM refuses unsafe flags in a
# package that others depend on by version.
OPTIMISED = -Xswiftc -O -Xcc -O3

# A race ends the run. The C code is not instrumented, because its functions that choose between clones run before
# ThreadSanitizer is initialised.
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
	scripts/examples
	scripts/stranger

# Includes what takes too long for make test.
check: test tsan fuzz parity serve-check round-trips docs install-test deb-test notebook

# The tests of crashes are skipped, because ThreadSanitizer handles their signals itself.
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

serve-check:
	@scripts/setup serve-check
	scripts/serve-check

round-trips:
	@scripts/setup round-trips
	scripts/round-trips

ROUNDS = 7

peers:
	@scripts/setup peers
	scripts/peers --rounds $(ROUNDS) --write docs/performance.md $(ARGS)

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
