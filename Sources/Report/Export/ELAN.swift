import EmotionCore
import EmotionStream

/// ELAN's annotation format, EAF 3.0.
///
/// Each tier of speech has a dependent one with the probabilities. A marker, which ELAN cannot keep as a moment, is an
/// annotation of 0.1 s, or less where another one follows.
enum ELAN {
    /// Milliseconds of a marker's annotation.
    private static let markerLength = 100

    /// The annotations of a document, with the numbers of time slots and annotations given so far.
    private struct Document {
        var slots = ""
        var tiers = ""
        private var slotCount = 0
        private var count = 0

        /// Adds a moment.
        ///
        /// - Returns: The identifier of its slot.
        private mutating func slot(_ milliseconds: Int) -> String {
            slotCount += 1
            slots += "        <TIME_SLOT TIME_SLOT_ID=\"ts\(slotCount)\" TIME_VALUE=\"\(milliseconds)\"/>\n"
            return "ts\(slotCount)"
        }

        /// Makes an annotation of a stretch of time.
        ///
        /// - Returns: Its identifier and its element.
        mutating func aligned(_ start: Int, _ end: Int, _ value: String) -> (id: String, text: String) {
            count += 1
            let times = "TIME_SLOT_REF1=\"\(slot(start))\" TIME_SLOT_REF2=\"\(slot(end))\""
            return ("a\(count)", element("ALIGNABLE_ANNOTATION", times, value))
        }

        /// Makes an annotation that belongs to another one.
        mutating func dependent(on other: String, _ value: String) -> String {
            count += 1
            return element("REF_ANNOTATION", "ANNOTATION_REF=\"\(other)\"", value)
        }

        private func element(_ name: String, _ attributes: String, _ value: String) -> String {
            """
                    <ANNOTATION>
                        <\(name) ANNOTATION_ID="a\(count)" \(attributes)>
                            <ANNOTATION_VALUE>\(value.inMarkup)</ANNOTATION_VALUE>
                        </\(name)>
                    </ANNOTATION>

            """
        }

        mutating func add(_ type: String, _ name: String, _ attributes: String, _ annotations: String) {
            tiers += "    <TIER LINGUISTIC_TYPE_REF=\"\(type)\" TIER_ID=\"\(name.inMarkup)\"\(attributes)>\n"
            tiers += annotations + "    </TIER>\n"
        }
    }

    static func text(_ annotations: Annotations, _ context: ExportFormat.Context) -> String {
        var document = Document()
        for tier in annotations.tiers { add(tier, to: &document) }
        add(annotations.moments(milliseconds), to: &document)
        let media = context.sound.map { sound in
            let address = sound.asAddress.inMarkup
            let type = sound.hasSuffix(".wav") ? "audio/x-wav" : "unknown"
            return
                "        <MEDIA_DESCRIPTOR MEDIA_URL=\"\(address)\" MIME_TYPE=\"\(type)\" RELATIVE_MEDIA_URL=\"\(address)\"/>\n"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <ANNOTATION_DOCUMENT AUTHOR="emoscope" DATE="\(context.date.inMarkup)" FORMAT="3.0" VERSION="3.0" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
                <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
            \(media ?? "")    </HEADER>
                <TIME_ORDER>
            \(document.slots)    </TIME_ORDER>
            \(document.tiers)    \
            <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="reading" TIME_ALIGNABLE="true"/>
                <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" \
            LINGUISTIC_TYPE_ID="probability" TIME_ALIGNABLE="false"/>
                <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" STEREOTYPE="Symbolic_Association"/>
            </ANNOTATION_DOCUMENT>

            """
    }

    private static func add(_ tier: Annotations.Tier, to document: inout Document) {
        var (labels, probabilities) = ("", "")
        for segment in tier.segments {
            let (start, end) = (milliseconds(segment.start), milliseconds(segment.end))
            guard start < end else { continue }
            let (id, text) = document.aligned(start, end, segment.label.word)
            labels += text
            if let probability = segment.probability {
                probabilities += document.dependent(on: id, probability.fixed(3))
            }
        }
        let participant = tier.speaker.map { " PARTICIPANT=\"\($0.inMarkup)\"" } ?? ""
        document.add("reading", tier.name, participant, labels)
        guard !probabilities.isEmpty else { return }
        let parent = " PARENT_REF=\"\(tier.name.inMarkup)\""
        document.add("probability", Annotations.probabilityTier(of: tier.name), participant + parent, probabilities)
    }

    private static func add(_ moments: [(time: Int, note: String)], to document: inout Document) {
        guard !moments.isEmpty else { return }
        var text = ""
        for (index, moment) in moments.enumerated() {
            let next = index + 1 < moments.count ? moments[index + 1].time : .max
            text += document.aligned(moment.time, min(moment.time + markerLength, next), moment.note).text
        }
        document.add("reading", Annotations.markerTier, "", text)
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }
}

extension String {
    /// A relative path as a relative address: everything but letters, digits and `-._~/` as bytes in percent.
    package var asAddress: String {
        // A name with a colon would be taken for the scheme of an address.
        let path = hasPrefix("/") || hasPrefix("./") || hasPrefix("../") ? self : "./" + self
        return FileName.bytes(path).map { byte in
            let isPlain =
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
            if isPlain || "-._~/".utf8.contains(byte) { return String(Unicode.Scalar(byte)) }
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }
}
