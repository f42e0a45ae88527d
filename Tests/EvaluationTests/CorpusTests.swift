import EmotionEvaluation
import Foundation
import Testing

/// Tests of each corpus's layout on a made-up tree.
struct CorpusTests {
    private func rows(_ listing: CorpusListing) -> [String] {
        listing.clips.map { "\($0.path) \($0.speaker) \($0.emotion.rawValue) \($0.corpus)" }
    }

    @Test func readsRAVDESS() throws {
        let tree = try Tree(
            "Actor_01/03-01-01-01-01-01-01.wav", "Actor_01/03-01-02-01-01-01-01.wav",
            "Actor_12/03-01-03-02-01-01-12.wav", "Actor_12/03-01-04-01-02-02-12.wav",
            "Actor_12/03-01-05-01-02-01-12.wav", "Actor_12/03-01-06-01-02-01-12.wav",
            "Actor_12/03-01-07-01-02-01-12.wav", "Actor_12/03-01-08-01-02-01-12.wav",
            "Song/Actor_12/03-02-05-01-02-01-12.wav", "Video/01-01-05-01-02-01-12.wav",
            "audio_speech_actors_01-24/Actor_01/03-01-01-01-01-01-01.wav", "Actor_01/notes.txt", "Actor_01/._03.wav")
        let listing = try CorpusKind.ravdess.list(tree.path)
        #expect(
            rows(listing) == [
                "Actor_01/03-01-01-01-01-01-01.wav ravdess_01 neutral ravdess",
                "Actor_12/03-01-03-02-01-01-12.wav ravdess_12 happy ravdess",
                "Actor_12/03-01-04-01-02-02-12.wav ravdess_12 sad ravdess",
                "Actor_12/03-01-05-01-02-01-12.wav ravdess_12 angry ravdess",
            ])
        #expect(
            listing.leftOut == [
                "calm": 1, "fearful": 1, "disgust": 1, "surprised": 1, "song": 1, "of a video": 1, "copies": 1,
            ])
        #expect(listing.problems == [])
    }

    @Test func readsCREMAD() throws {
        let tree = try Tree(
            "AudioMP3/1001_DFA_ANG_XX.mp3", "AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1001_IEO_HAP_LO.wav",
            "AudioWAV/1040_ITH_SAD_X.wav", "AudioWAV/1091_WSI_NEU_XX.WAV", "AudioWAV/1091_WSI_DIS_XX.wav",
            "AudioWAV/1091_IEO_FEA_HI.wav")
        let listing = try CorpusKind.cremad.list(tree.path)
        #expect(
            rows(listing) == [
                "AudioWAV/1001_DFA_ANG_XX.wav cremad_1001 angry cremad",
                "AudioWAV/1001_IEO_HAP_LO.wav cremad_1001 happy cremad",
                "AudioWAV/1040_ITH_SAD_X.wav cremad_1040 sad cremad",
                "AudioWAV/1091_WSI_NEU_XX.WAV cremad_1091 neutral cremad",
            ])
        #expect(listing.leftOut == ["disgust": 1, "fear": 1, "copies": 1])
    }

    @Test func readsEMODB() throws {
        let tree = try Tree(
            "wav/03a01Fa.wav", "wav/03a01Nc.wav", "wav/08b10Wd.wav", "wav/16a05Tb.wav", "wav/16a02Lb.wav",
            "wav/16a02Eb.wav", "wav/16a02Ac.wav")
        let listing = try CorpusKind.emodb.list(tree.path)
        #expect(
            rows(listing) == [
                "wav/03a01Fa.wav emodb_03 happy emodb", "wav/03a01Nc.wav emodb_03 neutral emodb",
                "wav/08b10Wd.wav emodb_08 angry emodb", "wav/16a05Tb.wav emodb_16 sad emodb",
            ])
        #expect(listing.leftOut == ["boredom": 1, "disgust": 1, "fear": 1])
    }

    @Test func readsTESS() throws {
        let tree = try Tree(
            "OAF_angry/OAF_back_angry.wav", "OAF_neutral/OA_bite_neutral.wav", "YAF_happy/YAF_yes_happy.wav",
            "YAF_sad/YAF_young_sad.wav", "OAF_Pleasant_surprise/OAF_back_ps.wav", "OAF_Fear/OAF_back_fear.wav",
            "OAF_disgust/OAF_back_disgust.wav", "again/OAF_angry/OAF_back_angry.wav")
        let listing = try CorpusKind.tess.list(tree.path)
        #expect(
            rows(listing) == [
                "OAF_angry/OAF_back_angry.wav tess_OAF angry tess",
                "OAF_neutral/OA_bite_neutral.wav tess_OAF neutral tess",
                "YAF_happy/YAF_yes_happy.wav tess_YAF happy tess", "YAF_sad/YAF_young_sad.wav tess_YAF sad tess",
            ])
        #expect(listing.leftOut == ["pleasant surprise": 1, "fear": 1, "disgust": 1, "copies": 1])
    }

    @Test func readsSAVEE() throws {
        let tree = try Tree(
            "AudioData/DC/a01.wav", "AudioData/DC/sa15.wav", "AudioData/DC/su15.wav", "AudioData/JE/h02.wav",
            "AudioData/KL/n30.wav", "AudioData/KL/d01.wav", "AudioData/JK/f01.wav", "ALL/DC_a01.wav", "ALL/JK_a02.wav")
        let listing = try CorpusKind.savee.list(tree.path)
        #expect(
            rows(listing) == [
                "ALL/DC_a01.wav savee_DC angry savee", "ALL/JK_a02.wav savee_JK angry savee",
                "AudioData/DC/sa15.wav savee_DC sad savee", "AudioData/JE/h02.wav savee_JE happy savee",
                "AudioData/KL/n30.wav savee_KL neutral savee",
            ])
        #expect(listing.leftOut == ["surprise": 1, "disgust": 1, "fear": 1, "copies": 1])
    }

    @Test func readsNEMO() throws {
        let tree = try Tree(
            "samples/EB0_anger_1.wav", "samples/EB0_happiness_10.wav", "samples/WR0_neutral_3.wav",
            "samples/ZK0_sadness_90.wav", "samples/ZK0_fear_1.wav", "samples/ZK0_surprise_1.wav")
        let listing = try CorpusKind.nemo.list(tree.path)
        #expect(
            rows(listing) == [
                "samples/EB0_anger_1.wav nemo_EB0 angry nemo", "samples/EB0_happiness_10.wav nemo_EB0 happy nemo",
                "samples/WR0_neutral_3.wav nemo_WR0 neutral nemo", "samples/ZK0_sadness_90.wav nemo_ZK0 sad nemo",
            ])
        #expect(listing.leftOut == ["fear": 1, "surprise": 1])
    }

    /// A session's label file; lines with `C-E1` are one annotator's, and the folders beneath hold such labels too.
    @Test func readsIEMOCAP() throws {
        func label(_ id: String, _ emotion: String) -> String {
            "[6.2901 - 8.2357]\t\(id)\t\(emotion)\t[2.5000, 2.5000, 2.5000]\r\nC-E1:\tNeutral;\t()\r\nC-F1:\tAnger;\t(curious)\r\n\r\n"
        }
        let tree = try Tree()
        let impro: KeyValuePairs = [
            "Ses01F_impro01_F000": "neu", "Ses01F_impro01_M001": "ang", "Ses01F_impro01_F002": "exc",
            "Ses01F_impro01_F003": "hap", "Ses01F_impro01_F004": "xxx", "Ses01F_impro01_F005": "fru",
        ]
        let base = "IEMOCAP_full_release/Session1"
        let head = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\r\n\r\n"
        try tree.write(
            base + "/dialog/EmoEvaluation/Ses01F_impro01.txt", head + impro.map { label($0.key, $0.value) }.joined())
        try tree.write(base + "/dialog/EmoEvaluation/._Ses01F_impro01.txt", "\u{0}")
        try tree.write(base + "/dialog/EmoEvaluation/Categorical/Ses01F_impro01_e1_cat.txt", label("Ses01F_x_F0", "no"))
        for (id, _) in impro { try tree.write(base + "/sentences/wav/Ses01F_impro01/\(id).wav", "x") }
        let script = "IEMOCAP_full_release/Session5"
        try tree.write(
            script + "/dialog/EmoEvaluation/Ses05M_script01_1b.txt",
            head + label("Ses05M_script01_1b_F010", "sad") + label("Ses05M_script01_1b_M011", "sad"))
        try tree.write(script + "/sentences/wav/Ses05M_script01_1b/Ses05M_script01_1b_F010.wav", "x")
        try tree.write(script + "/dialog/wav/Ses05M_script01_1b.wav", "x")

        let listing = try CorpusKind.iemocap.list(tree.path)
        let spoken = base + "/sentences/wav/Ses01F_impro01/Ses01F_impro01_"
        #expect(
            rows(listing) == [
                "\(spoken)F000.wav iemocap_01F neutral iemocap", "\(spoken)F002.wav iemocap_01F happy iemocap",
                "\(spoken)F003.wav iemocap_01F happy iemocap", "\(spoken)M001.wav iemocap_01M angry iemocap",
                "\(script)/sentences/wav/Ses05M_script01_1b/Ses05M_script01_1b_F010.wav iemocap_05F sad iemocap",
            ])
        #expect(listing.leftOut == ["without majority": 1, "frustrated": 1])
        #expect(listing.problems.count == 1 && listing.problems[0].contains("M011.wav\" is not there"))
        // A session alone is found too.
        #expect(try CorpusKind.iemocap.list(tree.path + "/" + base).clips.count == 4)
        let broken = try Tree()
        try broken.write("dialog/EmoEvaluation/Ses01F_x.txt", "[0 - 1]\tSes01F_x_F000\twhat\t[1,1,1]\n")
        expectError(naming: "no label: [0 - 1]") { try CorpusKind.iemocap.list(broken.path) }
    }

    @Test(arguments: CorpusKind.allCases) func foldersWithoutTheCorpusAreRefused(kind: CorpusKind) throws {
        let tree = try Tree()
        expectError(naming: kind == .iemocap ? "no label file" : "holds no recording") { try kind.list(tree.path) }
        expectError(naming: "does not exist") { try kind.list(tree.path + "/none") }
        expectError(naming: "is a file") { try kind.list(tree.write("a.wav", "x")) }
        expectError(naming: "does not look like \(kind.title)") { try kind.list(tree.path) }
    }

    @Test func anotherCorpusIsRecognised() throws {
        let tree = try Tree("wav/03a01Fa.wav", "wav/03a01Nc.wav")
        expectError(naming: "emoscope manifest emodb") { try CorpusKind.ravdess.list(tree.path) }
        let iemocap = try Tree("Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav")
        expectError(naming: "emoscope manifest iemocap") { try CorpusKind.emodb.list(iemocap.path) }
    }

    /// Names that are nearly right, each with one fault.
    @Test(arguments: [
        (CorpusKind.ravdess, "03-01-09-01-01-01-01"), (.ravdess, "03-01-01-01-01-01-25"), (.ravdess, "3-1-1-1-1-1-1"),
        (.ravdess, "03-01-01-01-01-01"), (.ravdess, "03-03-01-01-01-01-01"), (.cremad, "1001_DFA_JOY_XX"),
        (.cremad, "101_DFA_ANG_XX"), (.cremad, "1001_DFA_ANG_YY"), (.emodb, "03a01Xa"), (.emodb, "3a01Fa"),
        (.emodb, "03c01Fa"), (.emodb, "03a01F1"), (.tess, "XAF_back_angry"), (.tess, "OAF_back_joy"),
        (.tess, "OAF_angry"), (.savee, "DC_x01"), (.savee, "DC_a1"), (.savee, "XX_a01"), (.nemo, "EB0_joy_1"),
        (.nemo, "eb0_anger_1"), (.nemo, "EB0_anger_x"),
    ])
    func aNameThatTheCorpusDoesNotUseIsNamed(kind: CorpusKind, stem: String) throws {
        let known = [
            CorpusKind.ravdess: "03-01-05-01-02-01-12", .cremad: "1001_DFA_ANG_XX", .emodb: "03a01Fa",
            .tess: "OAF_back_angry", .savee: "DC_a01", .nemo: "EB0_anger_1",
        ]
        let tree = try Tree("\(known[kind]!).wav", "odd/\(stem).wav")
        let listing = try kind.list(tree.path)
        #expect(listing.clips.count == 1)
        #expect(listing.problems.count == 1 && listing.problems[0].contains("odd/\(stem).wav"), "\(listing.problems)")
    }

    @Test func aLoopOfLinksEndsTheWalk() throws {
        let tree = try Tree("a/03a01Fa.wav")
        try FileManager.default.createSymbolicLink(
            atPath: tree.path + "/a/up", withDestinationPath: tree.path)
        #expect(try CorpusKind.emodb.list(tree.path).clips.map(\.path) == ["a/03a01Fa.wav"])
    }
}
