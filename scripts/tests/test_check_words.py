import pathlib
import unittest

import check_words as words

PATH = pathlib.Path('x.cpp')


class Words(unittest.TestCase):
    def test_rules(self):
        notes, sleeping = words.RULES
        rows = [
            (notes, 'a;\n// TODO: b', ['x.cpp:2: TODO: finish it or open an issue']),
            (notes, 'mkstemp("/tmp/XXXXXX")', []),
            (sleeping, '// sleep_for would be wrong', []),
        ]
        for (_, pattern, only_code, what), text, expected in rows:
            with self.subTest(text=text):
                self.assertEqual(words.check_text(PATH, text, pattern, only_code, what), expected)
        _, pattern, only_code, what = sleeping
        text = 'std::this_thread::sleep_for(1s);'
        self.assertEqual(len(words.check_text(PATH, text, pattern, only_code, what)), 1)


if __name__ == '__main__':
    unittest.main()
