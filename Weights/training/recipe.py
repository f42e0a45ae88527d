"""The recipe of the shipped weights: sizes, rates, and what a batch is made of. Changed here, it names other caches and
other runs."""
import hashlib
import json
from dataclasses import asdict, dataclass

# The tap: Whisper's residual stream is averaged over TAP_POOL frames after block FROZEN; blocks up to there stay as they
# are, block TAP is trained along with the head and reads the averaged frames. The tap is a mix of the blocks of TAP_MIX.
TAP, FROZEN, TAP_POOL, TAP_MIX = 3, 2, 2, (2, 3)
ENCODER_HEADS = 8
MFCC_POOL = 8                          # 301 MFCC frames of a window to 37 steps of the BiLSTM
LEVEL_DBFS = -26.0
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
    orders: int = 3                    # times a run is trained, from the same first weights; their mean is kept
    epochs: int = 10
    steps: int = 40                    # an epoch
    batch: int = 64
    learning_rate: float = 1e-3        # of the head
    weight_decay: float = 0.05
    block_rate: float = 2e-4           # of Whisper's block
    block_decay: float = 0.01
    average: float = 0.98              # decay of the moving average of the weights, which is what is kept
    label_smoothing: float = 0.1
    shares: tuple = (("emodb", 0.25), ("nemo", 0.45), ("ravdess", 0.30))       # of a batch, by corpus
    variants: tuple = (0.6, 0.0, 0.2, 0.2, 0.0)                                 # of a batch, by `features.VARIANTS`
    ordinary: float = 0.0              # share of a batch that is ordinary speech, its sets alike
    ordinary_neutral: float = 0.8      # its target: so much neutral, the rest spread over the other classes
    ordinary_channel: float = 0.4      # share of it after a made channel
    balance: float = 0.0               # of the classes' log shares in a batch, so much is added to the logits in training
    reference: str = "none"            # how a reference enters: "film", see `network.Reference`; "none": not at all
    referenced: float = 0.8            # share of the windows that can have a reference which get one
    largest_reference: int = 10        # neutral windows of the same speaker and channel, 1 to so many
    moved: float = 0.5                 # share of windows moved with their reference by another voice's difference
    mixed: float = 0.3                 # share of windows mixed with another one
    spliced: float = 0.3               # share of windows whose end is another one's: a change of turn
    masked: float = 0.5                # share of windows with up to 0.5 s of each branch blanked
    parts: str = "all"                 # of the network, see `network.PARTS`

    def key(self, seed, features_recipe):
        """Names the runs of this recipe. The number of orders is left out: a further one is added to those that are there."""
        fields = {k: v for k, v in asdict(self).items() if k != "orders"}
        text = json.dumps([fields, seed, features_recipe, TAP, FROZEN, TAP_POOL, TAP_MIX, MFCC_POOL])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


# With ordinary speech in the batches and a reference in the network: docs/decisions/011-reference-and-ordinary-speech.md
VOICE = Recipe(epochs=8, variants=(0.6, 0.0, 0.0, 0.0, 0.4), ordinary=0.25, balance=1.0, reference="film")
