import unittest

import tidy
from source import ROOT


class Tidy(unittest.TestCase):
    def test_closure_follows_own_includes(self):
        seen = tidy.closure(ROOT / 'src/base/error.cpp')
        self.assertIn(ROOT / 'src/base/error.h', seen)
        self.assertNotIn(ROOT / 'src/base/secret.h', seen)

    def test_digest_is_the_same_twice(self):
        path = ROOT / 'src/base/error.cpp'
        self.assertEqual(tidy.digest(path), tidy.digest(path))


if __name__ == '__main__':
    unittest.main()
