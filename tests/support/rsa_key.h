#pragma once

namespace butter::test {

/// A private RSA key that was made for the tests and that nothing else uses.
inline constexpr char kRsaKey[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDVlQg/16IFu2mj\n"
    "t1ktOsL+J8t0l5pxNIfpy/Lf0CQ0oehuNw6J9jgnM6vWL2yxViFYAKynkynsmklf\n"
    "OWEv7dcj9FWe7JltlqP6s4u4juiePGzmjatFIORNVAiBt8ekSh1XorW2XZCEReYY\n"
    "wBuEghWuiBbnncaDnAx2j1MKowztz0AEqFngKfBSnyTnSSTxzqybb65jRqeoeOlO\n"
    "y9laSItwH1jaFGeyrT2kcnG2e3krVKjwaBJqACL+dnB2NzGYbzeo91Si6XiIiorg\n"
    "2s/afsEjmX6FeZhWN8UkbH+7haofDuyK/4+TetdP+JDU2MNZYbfuj5S+DhoGSd+l\n"
    "wsSlXjAnAgMBAAECggEAALeLW4uBw7spU59d8UTtOqUvjaikoBSpECPbIN02Aec5\n"
    "PIV6ywPElH0b6pAmMUI0wnLeIYHg9iZecK9koCCQRFKhpvLsYO3Mhx7rLSdtqHpT\n"
    "c0KufIDrw0aw8J6JUQfeqVime4I85fTGHPcoIH2/TOKwEP76l56CfDNm9/YsKPAz\n"
    "mM8p4R8cGNcpaTYDwNESSgXutOF1KiqAcLWOnK/A5kTYTwKN9taZXsy7T89rFHpR\n"
    "ts+ZhYu5cxou9yHoA9O2TXXFNhu9Qlx9J9fpCgcsCL0Gv0JBuRd5RhcxnLuG2Kqh\n"
    "MMp1jF4dU9YrQrW2M4fyVOVEIRbNWb5V1IuMynUgoQKBgQDvTTm/Bj4efI97xWye\n"
    "3njJrcL4dwQ0QXLLfEQnoPtbVt3QjguBjwcfLYRxPXYfS+cJ37cw68QqvuPt4oZc\n"
    "IS8VR5sO+Ys5JKOKpZIBmFxvl+Cy/BJ5nTu6ER+yks6IgPYiUw+RdUICGmNLrP2W\n"
    "Nm9QTk9go87EBy8oOLP5Ur6pgwKBgQDkfF2DPyuQuv8TwMjImVuU2sxxfFv/ege8\n"
    "/sBWrT1g8f1eky0Ach7k+3cuYznXqpmdwAjuH7GAmG+Fs0Id6+6HapWsM+X3ILRc\n"
    "75JAXdDKqxHUg5SF4XueM1Z0zvQhZIZWh3joNeMUGj3iYzvckCgXhMqlub7TCMdu\n"
    "QY+RIdhxjQKBgGmezkQP/075b2MTylN8ohdyCEIeVc6yrHY/zN0o4oh4GMM6Tr3K\n"
    "YTxTnMdWd1Js7/adtX90MEslofiXKPJ0+xELX9cGMXrxPvWtCnqFwxbGFDkrpQPk\n"
    "cD453KG2xk3djcWsn4x2EsJW30jBe9PXBt6NEd/3rQU8noXEMTt0WA79AoGABcw+\n"
    "FzmAIoEMPfUTYzu4/jL7IxoTv4zaK2qPeOOWfiJF2qODbdJ3hDn5UT0FV7qlgUJB\n"
    "N8GoIGo90je1Qssc12TV/XOnrziuOvl9TZLT3ICwyCK6nxcUqvQEipxBx6MkYYe4\n"
    "grPzWiw8S8VW3Ibv7YDaH5ByDirX3K1fNkCUnHUCgYAGVJd8bx8O8BpxgNhafw0Z\n"
    "F4mtyAhHP0sD1kgrz21GljuyKJsKTpjIJGXn+/gVqOuerOwLRtMkZi39XpWmPjrr\n"
    "sNAVs+PI126wAjJQg1kgb5Pc49wr2S3L2JrOl23RzzL/rzbbb/rmjBFwcP2kNdFk\n"
    "kWuJJsU3DLx9bhSy0fUvpw==\n"
    "-----END PRIVATE KEY-----\n";

}  // namespace butter::test
