// A program that imports EmotionLive alone can name all that its public interface names.
@_exported import EmotionCore
@_exported import EmotionRecognition

@_exported import struct EmotionStream.AccountingReport
@_exported import enum EmotionStream.BaselineMode
@_exported import enum EmotionStream.BaselineState
@_exported import struct EmotionStream.Row
@_exported import enum EmotionStream.RowStatus
@_exported import enum EmotionStream.SilenceTreatment
@_exported import enum EmotionStream.SpeakerCount
