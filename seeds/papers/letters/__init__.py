"""Letters and papers as Word templates, in the layout of GB/T 9704. What they say is in `texts/`, one file for each.

1. `layout`    the page and the styles: 版心, 22 lines of 28 characters, the faces and their sizes
2. `drawn`     paragraphs, tables and sections as Word's XML
3. `binding`   what belongs to a .docx besides its text
4. `scripts`   how a text is written: a line for each paragraph, its style before it
5. `register`  all of them, each with what it is and whom it is for
"""
