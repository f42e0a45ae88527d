"""The paper's protocol on a synthetic tree with a tiny network."""
import contextlib
import importlib.util
import io
import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import torch

if importlib.util.find_spec("transformers") is None:
    raise unittest.SkipTest("the paper's protocol needs paper/requirements.txt")

import caser
from paper import finetune, iemocap, made_tree, protocol, tables

torch.set_num_threads(1)


class MadeTree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.passing = tempfile.TemporaryDirectory()
        cls.root = Path(cls.passing.name)
        made_tree.make(cls.root / "iemocap")
        cls.utterances = iemocap.read(cls.root / "iemocap")

    @classmethod
    def tearDownClass(cls):
        cls.passing.cleanup()


class Tree(MadeTree):
    def test_four_classes_with_excited_as_happy(self):
        counts = {name: sum(caser.LABELS[u.emotion] == name for u in self.utterances) for name in caser.LABELS}
        self.assertEqual(counts, {"happy": 20, "angry": 10, "neutral": 10, "sad": 10})

    def test_the_actor_is_the_one_who_speaks(self):
        self.assertEqual(len({u.speaker for u in self.utterances}), 10)
        for utterance in self.utterances:
            self.assertEqual(utterance.path.stem.split("_")[-1][0], utterance.speaker[-1])
            self.assertEqual(utterance.path.stem[3:5], utterance.session)

    def test_a_missing_recording_is_named(self):
        with tempfile.TemporaryDirectory() as name:
            made_tree.make(name)
            next(Path(name).glob("Session3/sentences/wav/*/*_F000.wav")).unlink()
            with self.assertRaisesRegex(SystemExit, "Ses03F_impro01_F000"):
                iemocap.read(name)
            with self.assertRaisesRegex(SystemExit, "IEMOCAP_full_release"):
                iemocap.read(Path(name) / "Session1")


class Folds(MadeTree):
    def speakers(self, indices):
        return {self.utterances[i].speaker for i in indices}

    def check(self, folds, tested, held):
        for fold in folds:
            parts = [self.speakers(part) for part in (fold.train, fold.validation, fold.test)]
            self.assertEqual(sum(map(len, parts)), 10)
            self.assertEqual(set.union(*parts), self.speakers(range(50)))
            self.assertEqual((len(parts[2]), len(parts[1])), (tested, held))
        self.assertEqual(sorted(i for fold in folds for i in fold.test), list(range(50)))

    def test_by_session(self):
        folds = iemocap.folds(self.utterances, "session")
        self.assertEqual([f.name for f in folds], ["01", "02", "03", "04", "05"])
        self.check(folds, tested=2, held=1)
        self.assertEqual(self.speakers(folds[4].test), {"05F", "05M"})
        self.assertEqual([self.speakers(f.validation) for f in folds], [{"02F"}, {"03M"}, {"04F"}, {"05M"}, {"01F"}])

    def test_by_speaker(self):
        folds = iemocap.folds(self.utterances, "speaker")
        self.assertEqual(len(folds), 10)
        self.check(folds, tested=1, held=1)
        self.assertEqual((self.speakers(folds[1].test), self.speakers(folds[1].validation)), ({"01M"}, {"01F"}))


class Training(MadeTree):
    RECIPE = finetune.Recipe(rate=2e-3, epochs=2, patience=9, dropout=0.1)

    def few(self):
        """A fold of 16, 4 and 4 utterances."""
        order = sorted(range(50), key=lambda i: (self.utterances[i].speaker[-1], i))
        return iemocap.Fold("few", tuple(order[:16]), tuple(order[16:20]), tuple(order[20:24]))

    def train(self, recipe, folder, **arguments):
        folder.mkdir(exist_ok=True)
        return finetune.run(lambda: protocol.network(None, recipe.dropout), self.utterances, self.few(), recipe, folder,
                            "cpu", say=lambda line: None, **arguments)

    def test_broken_off_and_gone_on_with_is_the_same_run(self):
        whole = self.train(self.RECIPE, self.root / "whole")
        self.assertIsNone(self.train(self.RECIPE, self.root / "broken", stop_after=1))
        self.assertEqual(self.train(self.RECIPE, self.root / "broken"), whole)
        self.assertEqual(len(whole["losses"]), 2)
        self.assertLess(whole["losses"][1], whole["losses"][0])
        self.assertFalse((self.root / "whole" / "few.last.pt").exists())
        kept = torch.load(self.root / "whole" / "few.pt", weights_only=True)
        self.assertIn("wav2vec_encoder.wav2vec.feature_projection.projection.weight", kept["model_state_dict"])

    def test_stops_early_and_tests_the_best_epoch(self):
        # At a rate of 0 nothing is ever better than the first epoch.
        found = self.train(replace(self.RECIPE, rate=0.0, epochs=5, patience=1), self.root / "early")
        self.assertEqual((found["epoch"], len(found["losses"])), (1, 2))

    def test_an_update_is_the_mean_over_its_clips(self):
        torch.manual_seed(0)
        clips = finetune.Clips(self.utterances[:3])
        build = lambda: (torch.manual_seed(4), protocol.network(None, 0.0))[1]
        model = build()
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        before = {n: p.detach().clone() for n, p in model.named_parameters()}
        sgd = torch.optim.SGD(model.parameters(), lr=1.0)
        recipe = replace(self.RECIPE, batch=1, accumulate=4)
        finetune.epoch(model, sgd, clips, recipe, 1, "cpu", 0, "")
        same = build().train()
        for module in same.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        for config in (same.wav2vec_encoder.wav2vec.config,):
            config.apply_spec_augment = False
        loss = sum(torch.nn.functional.cross_entropy(same(w[None], f[None]), torch.tensor([y]))
                   for w, f, y in (clips[i] for i in range(3))) / 3
        gradient = torch.autograd.grad(loss, same.cls_head.weight)[0]
        step = before["cls_head.weight"] - dict(model.named_parameters())["cls_head.weight"]
        torch.testing.assert_close(step, gradient, rtol=1e-3, atol=1e-5)


class Pretrained(unittest.TestCase):
    def test_the_tap_is_the_ninth_layer_of_the_encoder_given(self):
        from transformers import Wav2Vec2Config, Wav2Vec2Model

        sizes = protocol.TINY_SSL | {"num_hidden_layers": 12, "layerdrop": 0.5, "hidden_size": 32}
        torch.manual_seed(3)
        given = Wav2Vec2Model(Wav2Vec2Config(**sizes)).eval()
        with tempfile.TemporaryDirectory() as name:
            given.save_pretrained(name)
            model = protocol.network(Path(name), 0.0)
        self.assertEqual(len(model.wav2vec_encoder.wav2vec.encoder.layers), 9)
        wave = torch.randn(1, 16_000)
        with torch.no_grad():
            expected = given(wave, output_hidden_states=True).hidden_states[9]
            torch.testing.assert_close(model.eval().wav2vec_encoder(wave), expected)
            # In training too, where a skipped layer would shift the tap.
            for _ in range(3):
                self.assertEqual(model.train().wav2vec_encoder(wave).shape, expected.shape)


class Tables(unittest.TestCase):
    RESULTS = {
        "01": {"clips": 4, "uar": 0.5, "accuracy": 0.75, "epoch": 3,
               "confusion": [[3, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]},
        "02": {"clips": 2, "uar": 1.0, "accuracy": 1.0, "epoch": 1,
               "confusion": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]},
    }

    def test_means_and_pooled(self):
        lines = tables.fold_table("session", self.RESULTS).splitlines()
        self.assertEqual(lines[-3].split(), ["mean", "6", "75.00", "87.50"])
        self.assertEqual(lines[-2].split(), ["±", "folds", "25.00", "12.50"])
        # Pooled: happy 4 of 4, angry 1 of 2; 5 of 6 in all.
        self.assertEqual(lines[-1].split(), ["pooled", "75.00", "83.33"])

    def test_published_numbers_stand_under_both_readings(self):
        text = tables.comparison({"session": self.RESULTS, "speaker": self.RESULTS})
        rows = [line.split("(")[0].split() for line in text.splitlines()]
        self.assertIn(["this", "run", "75.00", "87.50"], rows)
        self.assertIn(["published,", "by", "code", "72.34", "71.53"], rows)
        self.assertIn(["published,", "by", "text", "71.53", "72.34"], rows)
        self.assertIn(["published,", "by", "code", "74.60", "73.50"], rows)


class Command(unittest.TestCase):
    def test_tiny_runs_and_goes_on_and_refuses_other_settings(self):
        with tempfile.TemporaryDirectory() as name:
            out, heard = Path(name) / "out", io.StringIO()
            arguments = ["--tiny", "--protocol", "session", "--out", str(out), "--device", "cpu"]
            with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(io.StringIO()):
                protocol.main(arguments)
            self.assertIn("5 folds by session", heard.getvalue())
            self.assertIn("72.34", heard.getvalue())
            self.assertEqual(len(list((out / "session").glob("*.json"))), 5)
            # The report of a finished fold is read and the fold is not run again: a changed figure is returned.
            done = out / "session" / "03.json"
            done.write_text(json.dumps(json.loads(done.read_text()) | {"uar": 0.1234}))
            again = io.StringIO()
            with contextlib.redirect_stdout(again):
                protocol.main(arguments)
            self.assertIn("12.34", again.getvalue())
            with self.assertRaisesRegex(SystemExit, "other settings"), contextlib.redirect_stdout(io.StringIO()):
                protocol.main([*arguments, "--seed", "2"])

    def test_a_tree_that_is_not_whole_is_refused(self):
        with tempfile.TemporaryDirectory() as name:
            made_tree.make(name)
            with self.assertRaisesRegex(SystemExit, "50 utterances"):
                protocol.main([name, "wav2vec2-base"])


if __name__ == "__main__":
    unittest.main()
