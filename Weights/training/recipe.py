"""The recipe of the shipped weights: sizes, rates, and the composition of a batch. A changed recipe has caches and runs
of its own."""
import hashlib
import json
from dataclasses import asdict, dataclass

# The tap: blocks 1 to FROZEN of Whisper are frozen, and the residual stream after them is averaged over TAP_POOL
# frames. Block TAP reads the averages and is trained with the head. The tap is a mix of the blocks of TAP_MIX.
TAP, FROZEN, TAP_POOL, TAP_MIX = 3, 2, 2, (2, 3)
ENCODER_HEADS = 8
MFCC_POOL = 8                          # 301 MFCC frames of a window to 37 steps of the BiLSTM
LEVEL_DBFS = -26.0
UNSURE = 0.6                           # probability below which the likeliest emotion is not named: decision 011
FRAMES, WIDTH = 75, 512                # of the averaged residual stream, a window of 3 s
STEPS, COEFFICIENTS = 37, 40           # of the pooled MFCC


@dataclass(frozen=True)
class Recipe:
    d: int = 192                       # width of the fused sequence
    hidden: int = 96                   # of each direction of the BiLSTM
    inner: int = 96                    # of the cross-attention
    heads: int = 4
    feed_forward: int = 384
    dropout: float = 0.25
    orders: int = 3                    # times a run is trained from the same first weights; the mean weights are kept
    epochs: int = 10
    steps: int = 40                    # an epoch
    batch: int = 64
    learning_rate: float = 1e-3        # of the head
    weight_decay: float = 0.05
    block_rate: float = 2e-4           # of Whisper's block
    block_decay: float = 0.01
    average: float = 0.98              # decay of the moving average of the weights; the average is kept
    label_smoothing: float = 0.1
    shares: tuple = (("emodb", 0.25), ("nemo", 0.45), ("ravdess", 0.30))       # of a batch, by corpus
    variants: tuple = (0.6, 0.0, 0.2, 0.2, 0.0)                                 # of a batch, by `features.VARIANTS`
    ordinary: float = 0.0              # share of a batch that is ordinary speech; see `reference.Spoken` for its sets
    ordinary_neutral: float = 0.8      # its target for neutral; the rest is spread over the other classes
    ordinary_channel: float = 0.4      # share of ordinary speech after a drawn channel
    acted: float = 0.0                 # share of the weights that is of a network trained on acted speech alone, see `train.perform`
    balance: float = 0.0               # factor on the classes' log shares, which are added to the logits in training
    reference: str = "none"            # use of a reference: "film", see `network.Reference`; "none": no use
    referenced: float = 0.8            # share of the windows with candidates for a reference that get a reference
    largest_reference: int = 10        # most neutral windows (of the same speaker and channel) in a reference
    moved: float = 0.5                 # share of windows that are moved, with their reference; see `Sampler.move`
    mixed: float = 0.3                 # share of windows mixed with another window
    spliced: float = 0.3               # share of windows whose end is replaced by another window's: a change of turn
    masked: float = 0.5                # share of windows with up to 0.5 s of each branch masked
    parts: str = "all"                 # variant of the network, see `network.PARTS`

    def key(self, seed, features_recipe):
        """Name of the runs of this recipe. It does not depend on the number of orders, so that orders can be added to a
        run, nor on a second network that is not trained."""
        fields = {k: v for k, v in asdict(self).items() if k != "orders" and (self.acted or k != "acted")}
        text = json.dumps([fields, seed, features_recipe, TAP, FROZEN, TAP_POOL, TAP_MIX, MFCC_POOL])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


# The recipe of the shipped weights, with ordinary speech: docs/decisions/011-reference-and-ordinary-speech.md
VOICE = Recipe(epochs=8, variants=(0.6, 0.0, 0.0, 0.0, 0.4), ordinary=0.1, acted=0.25, balance=1.0)
