import COpenBLAS
import CKissFFT
import CCrypto
import CKernels
