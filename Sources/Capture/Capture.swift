import CALSA
import CSndFile
import CSampleRate
