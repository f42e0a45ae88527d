/// The script of the page: what is under the pointer, and the sound in step with the pictures.
enum PageScript {
    static let text = #"""

        "use strict";
        const emotions = ["A", "H", "N", "S"];

        // The place of the last number that is not greater than a value; -1 where all are.
        function last(numbers, value, number = (item) => item) {
            let [low, high] = [-1, numbers.length - 1];
            while (low < high) {
                const middle = Math.ceil((low + high) / 2);
                if (number(numbers[middle]) <= value) low = middle; else high = middle - 1;
            }
            return low;
        }

        function clock(seconds) {
            const tenths = Math.round(seconds * 10);
            const two = (number) => String(number).padStart(2, "0");
            const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
            const tail = `${two(Math.floor(rest / 10))}.${rest % 10}`;
            return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
        }

        // What the segments of a voice, or the silence, say of a moment.
        function pieceAt(pieces, time) {
            const piece = pieces[last(pieces, time, (item) => item[0])];
            return piece && time < piece[1] ? piece : undefined;
        }

        // The reading nearest to a moment, if one is near enough.
        function readingAt(lane, time, reach) {
            const before = last(lane.times, time);
            const places = [before, before + 1].filter((place) => place >= 0 && place < lane.times.length);
            places.sort((a, b) => Math.abs(lane.times[a] - time) - Math.abs(lane.times[b] - time));
            const place = places[0];
            return place !== undefined && Math.abs(lane.times[place] - time) <= reach ? lane.scores[place] : undefined;
        }

        class SessionView {
            constructor(section, data) {
                this.data = data;
                this.chart = section.querySelector("svg.chart");
                this.readout = section.querySelector(".readout");
                this.audio = section.querySelector("audio");
                for (const name of ["span", "left", "right", "width"]) this[name] = Number(section.dataset[name]);
                this.time = 0;
                this.chart.addEventListener("pointermove", (event) => this.show(this.timeOf(event)));
                this.chart.addEventListener("pointerleave", () => this.hide());
                this.chart.addEventListener("click", (event) => this.play(this.timeOf(event)));
                this.chart.addEventListener("keydown", (event) => this.key(event));
                if (!this.audio) return;
                const lack = () => {
                    this.audio.hidden = true;
                    section.querySelector(".missing").hidden = false;
                };
                if (this.audio.error) lack(); else this.audio.addEventListener("error", lack);
                for (const name of ["play", "seeked"]) this.audio.addEventListener(name, () => this.follow());
            }

            timeOf(event) {
                const box = this.chart.getBoundingClientRect();
                const x = (event.clientX - box.left) / box.width * this.width;
                return Math.min(Math.max((x - this.left) / (this.right - this.left), 0), 1) * this.span;
            }

            place(name, time) {
                const x = this.left + time / this.span * (this.right - this.left);
                const line = this.chart.querySelector("." + name);
                line.setAttribute("x1", x);
                line.setAttribute("x2", x);
            }

            show(time) {
                this.time = time;
                this.place("cursor", time);
                this.say(time);
            }

            hide() {
                this.chart.querySelector(".cursor").setAttribute("x1", -9);
                this.chart.querySelector(".cursor").setAttribute("x2", -9);
                this.readout.replaceChildren();
            }

            say(time) {
                const parts = [];
                const part = (strong, text) => {
                    const span = document.createElement("span");
                    const name = document.createElement("b");
                    name.textContent = strong + " ";
                    span.append(name, text);
                    parts.push(span);
                };
                part(clock(time), new Date(this.data.began + time * 1000).toLocaleTimeString());
                for (const lane of this.data.lanes) {
                    const piece = pieceAt(lane.pieces, time);
                    const scores = readingAt(lane, time, this.data.step);
                    if (!piece && !scores) continue;
                    const numbers = scores
                        ? emotions.map((letter, index) => `${letter} ${(scores[index] / 1000).toFixed(2)}`).join("  ") : "";
                    const label = piece ? piece[2] + (piece[3] === null ? "" : ` ${piece[3].toFixed(2)}`) : "";
                    part(lane.name, [label, numbers].filter((text) => text !== "").join(" · "));
                }
                const quiet = pieceAt(this.data.quiet, time);
                if (quiet && parts.length === 1) part(quiet[2] === "silence" ? "no speech" : "not read", "");
                this.readout.replaceChildren(...parts);
            }

            key(event) {
                const step = { ArrowLeft: -this.data.step, ArrowRight: this.data.step }[event.key];
                if (step === undefined) return;
                event.preventDefault();
                this.show(Math.min(Math.max(this.time + step, 0), this.span));
            }

            // Saved sound lacks the pauses of the recording.
            soundTime(time) {
                let missing = 0;
                for (const [start, end] of this.data.pauses) if (time > start) missing += Math.min(time, end) - start;
                return time - missing;
            }

            streamTime(sound) {
                let time = sound;
                for (const [start, end] of this.data.pauses) if (time >= start) time += end - start;
                return time;
            }

            play(time) {
                this.show(time);
                if (!this.audio || this.audio.hidden) return;
                this.audio.currentTime = this.soundTime(time);
                this.audio.play().catch(() => {});
            }

            follow() {
                const time = this.streamTime(this.audio.currentTime);
                this.place("playhead", time);
                if (!this.chart.matches(":hover")) this.say(time);
                if (!this.audio.paused) requestAnimationFrame(() => this.follow());
            }
        }

        const data = JSON.parse(document.getElementById("data").textContent);
        const views = [...document.querySelectorAll("section.session")].map(
            (section) => new SessionView(section, data[Number(section.dataset.session)]));
        document.querySelectorAll("section.details").forEach((details, index) => {
            for (const button of details.querySelectorAll("button[data-time]")) {
                button.addEventListener("click", () => views[index].play(Number(button.dataset.time)));
            }
        });

        """#
}
