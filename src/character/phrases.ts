import type { FixedLine } from '../conversation/commands.ts';
import type { Character } from './character.ts';

/** The words of a fixed line in the character's language; `undefined` where there is none to say. */
export function phraseFor(line: FixedLine, character: Character): string | undefined {
  const language = character.language.split('-')[0]?.toLowerCase() ?? '';
  return PHRASES[line](character, language);
}

/** The joined and idle lines are read by clients' programs too: their words are fixed. */
const PHRASES: Readonly<
  Record<FixedLine, (character: Character, language: string) => string | undefined>
> = {
  joined: ({ name }) => `${name} has joined the chat!`,
  idle: () => '[SYSTEM] User idle - Disconnecting...',
  'text-only': (_character, language) => TEXT_ONLY[language] ?? TEXT_ONLY['en'],
  'cannot-hear': (_character, language) => CANNOT_HEAR[language] ?? CANNOT_HEAR['en'],
  greeting: ({ greeting }) => greeting,
  apology: (_character, language) => APOLOGIES[language] ?? APOLOGIES['en'],
};

const TEXT_ONLY: Readonly<Record<string, string>> = {
  en: 'I cannot hear or speak at the moment. Please write to me here.',
  ja: '現在、音声での会話ができません。こちらにメッセージを書いてください。',
  de: 'Ich kann gerade weder hören noch sprechen. Bitte schreiben Sie mir hier.',
  fr: 'Je ne peux ni entendre ni parler pour le moment. Écrivez-moi ici.',
  es: 'Ahora mismo no puedo oír ni hablar. Escríbame aquí, por favor.',
  it: 'Al momento non posso sentire né parlare. Mi scriva qui, per favore.',
  pt: 'Neste momento não consigo ouvir nem falar. Escreva-me aqui, por favor.',
  zh: '我现在无法语音交流，请在这里打字。',
  ko: '지금은 음성으로 대화할 수 없습니다. 여기에 글로 적어 주세요.',
};

const CANNOT_HEAR: Readonly<Record<string, string>> = {
  en: 'I can tell that somebody is speaking, but I cannot understand it at the moment. Please write to me here.',
  ja: '声は届いていますが、今は聞き取ることができません。こちらにメッセージを書いてください。',
  de: 'Ich merke, dass jemand spricht, kann es aber gerade nicht verstehen. Bitte schreiben Sie mir hier.',
  fr: 'Je remarque que quelqu’un parle, mais je ne peux pas le comprendre pour le moment. Écrivez-moi ici.',
  es: 'Noto que alguien habla, pero ahora mismo no puedo entenderlo. Escríbame aquí, por favor.',
  it: 'Mi accorgo che qualcuno parla, ma al momento non riesco a capire. Mi scriva qui, per favore.',
  pt: 'Percebo que alguém está a falar, mas neste momento não consigo entender. Escreva-me aqui, por favor.',
  zh: '我知道有人在说话，但现在听不清楚。请在这里打字。',
  ko: '말씀하시는 것은 알겠지만 지금은 알아들을 수 없습니다. 여기에 글로 적어 주세요.',
};

const APOLOGIES: Readonly<Record<string, string>> = {
  en: 'Sorry, I could not answer that. Please try again in a moment.',
  ja: '申し訳ありません、うまくお答えできませんでした。もう一度お試しください。',
  de: 'Entschuldigung, darauf konnte ich gerade nicht antworten. Bitte versuchen Sie es gleich noch einmal.',
  fr: 'Désolé, je n’ai pas pu répondre. Veuillez réessayer dans un instant.',
  es: 'Lo siento, no he podido responder. Inténtelo de nuevo en un momento.',
  it: 'Mi dispiace, non sono riuscito a rispondere. Riprovi tra un momento.',
  pt: 'Desculpe, não consegui responder. Tente novamente daqui a pouco.',
  zh: '抱歉，我刚才没能回答。请稍后再试。',
  ko: '죄송합니다, 답변하지 못했습니다. 잠시 후 다시 시도해 주세요.',
};
