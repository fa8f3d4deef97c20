/** The text of a chat stream. */
export async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
  }
  return text;
}
