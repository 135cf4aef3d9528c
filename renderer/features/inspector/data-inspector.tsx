import { readingsOf } from './byte-readings.ts';
import classes from './hex-grid.module.css';

/** What the bytes at the cursor, or those that are selected, are as numbers and times. */
export function DataInspector({ bytes }: { readonly bytes: Uint8Array }) {
  return (
    <div className={classes.inspector}>
      <table aria-label="Data inspector">
        <thead>
          <tr>
            <th scope="col">Read as</th>
            <th scope="col">Little-endian</th>
            <th scope="col">Big-endian</th>
          </tr>
        </thead>
        <tbody>
          {readingsOf(bytes).map(({ name, little, big }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {little === big ? (
                <td colSpan={2}>{little ?? '–'}</td>
              ) : (
                <>
                  <td>{little ?? '–'}</td>
                  <td>{big ?? '–'}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
