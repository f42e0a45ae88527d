# make run      install, build, and replay the bundled conversation on the dashboard
# make watch    the same with your microphone
# make test     install, build, and pass the tests
# make fuzz     put a million hostile files to every reader (minutes)
# make parity   hold the full-size networks against PyTorch (minutes, installs Python packages)
# make format   bring the Swift sources into shape

EMOSCOPE = .build/release/emoscope

.PHONY: run watch build test fuzz parity format

run: build
	@$(EMOSCOPE) replay Samples/conversation.flac

watch: build
	@$(EMOSCOPE) watch

build:
	@scripts/setup
	swift build -c release --product emoscope

test:
	@scripts/setup test
	swift build --build-tests
	swift test --skip-build --no-parallel
	TSAN_OPTIONS=halt_on_error=1 swift test --sanitize thread --scratch-path .build/tsan --filter SampleRingTests

fuzz:
	@scripts/setup test
	swift build --product Fuzz
	.build/debug/Fuzz --cases 1000000

parity:
	@scripts/setup parity
	scripts/parity

format:
	swift format --in-place --recursive Package.swift Sources Tests
