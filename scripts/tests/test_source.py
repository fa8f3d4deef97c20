import unittest

import source


class BareCode(unittest.TestCase):
    def test_keeps_lines_and_columns(self):
        text = 'int a; // {\n/* {\n */ char c = \'{\'; auto s = "\\"{";\n'
        bare = source.bare_code(text)
        self.assertEqual([len(line) for line in bare.splitlines()],
                         [len(line) for line in text.splitlines()])
        self.assertNotIn('{', bare)
        self.assertIn('auto s =', bare)

    def test_digit_separators_are_no_characters(self):
        self.assertIn('b = 2', source.bare_code("int a = 1'000'000, b = 2;"))

    def test_raw_strings_and_macros(self):
        self.assertNotIn('{', source.bare_code('auto s = R"x({ " {)x";\n#define F(x) \\\n  {x\nint a;'))

    def test_a_url_in_a_string_is_no_comment(self):
        self.assertEqual(source.without_comments('auto s = "http://x"; // y'), 'auto s = "http://x";     ')


if __name__ == '__main__':
    unittest.main()
