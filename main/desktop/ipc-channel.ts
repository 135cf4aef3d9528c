/** The one message of the page's preload to the main process: it carries the port for the frames. */
export const OPEN_CHANNEL = 'topicscope:open';
