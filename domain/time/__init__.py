"""What day it is and which days are worked: `clock` for Shanghai, `calendar` for working days."""
